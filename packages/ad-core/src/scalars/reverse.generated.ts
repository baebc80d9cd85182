// The sweep of reverse mode. Generated from the statements by tools/scalars.ts; do not edit.
import { doubles } from "../arithmetic/numbers.ts";
import { cos, erf, exp, expm1, log, pow, sin } from "../arithmetic/real/index.ts";
import type { ScalarCode } from "./opcodes.ts";

const { scaleBy } = doubles;

/**
 * Adds up the cotangents `w`, backwards from `from` down to `end`, or to the first cell that needs a call; returns where
 * it stopped, `end - 1` when it is done. A cotangent of 0 is passed over.
 */
export function runReverse(
  code: ScalarCode,
  v: Float64Array,
  w: Float64Array,
  from: number,
  end: number,
): number {
  for (let i = from; i >= end; i--) {
    const word = i << 2;
    const g = w[i] as number;
    const op = code[word] as number;
    if (g === 0 && op !== 3) continue;
    const j = code[word + 1] as number;
    switch (op) {
      case 0:
      case 1:
      case 2:
        break;
      case 5: {
        const k = v[code[word + 3] as number] !== 0 ? j : (code[word + 2] as number);
        w[k] = (w[k] as number) + g;
        break;
      }
      case 6: // abs
      case 29: { // norm1
        const a = v[j] as number;
        if ((-a) > a) { w[j] = (w[j] as number) - g; } else if (a > (-a)) { w[j] = (w[j] as number) + g; } else return i;
        break;
      }
      case 7: { // add
        const k = code[word + 2] as number;
        w[j] = (w[j] as number) + g;
        w[k] = (w[k] as number) + g;
        break;
      }
      case 8: // and
      case 13: // equal
      case 17: // floor
      case 20: // isFinite
      case 21: // less
      case 22: // lessEqual
      case 30: // not
      case 31: // or
      case 38: // sign
      case 44: // stopGradient
        break;
      case 9: // clamp.high
      case 26: { // minimum
        const k = code[word + 2] as number;
        const a = v[j] as number;
        const b = v[k] as number;
        if (a < b) { w[j] = (w[j] as number) + g; } else if (b < a) { w[k] = (w[k] as number) + g; } else return i;
        break;
      }
      case 10: // clamp.low
      case 25: { // maximum
        const k = code[word + 2] as number;
        const a = v[j] as number;
        const b = v[k] as number;
        if (a > b) { w[j] = (w[j] as number) + g; } else if (b > a) { w[k] = (w[k] as number) + g; } else return i;
        break;
      }
      case 12: { // div
        const k = code[word + 2] as number;
        const b = v[k] as number;
        const y = v[i] as number;
        const r = 1 / b;
        const p = r;
        if (p !== 0) w[j] = (w[j] as number) + p * g;
        const q = -(y * r);
        if (q !== 0) w[k] = (w[k] as number) + q * g;
        break;
      }
      case 15: { // exp
        const y = v[i] as number;
        const p = y;
        if (p !== 0) w[j] = (w[j] as number) + p * g;
        break;
      }
      case 16: { // expm1
        const y = v[i] as number;
        const p = y + 1;
        if (p !== 0) w[j] = (w[j] as number) + p * g;
        break;
      }
      case 19: { // inv
        const y = v[i] as number;
        const p = -(y * y);
        if (p !== 0) w[j] = (w[j] as number) + p * g;
        break;
      }
      case 23: { // log
        const a = v[j] as number;
        const p = 1 / a;
        if (p !== 0) w[j] = (w[j] as number) + p * g;
        break;
      }
      case 24: { // log1p
        const a = v[j] as number;
        const p = 1 / (a + 1);
        if (p !== 0) w[j] = (w[j] as number) + p * g;
        break;
      }
      case 27: // mul
      case 36: { // scaleBy
        const k = code[word + 2] as number;
        const a = v[j] as number;
        const b = v[k] as number;
        const p = b;
        if (p !== 0) w[j] = (w[j] as number) + p * g;
        const q = a;
        if (q !== 0) w[k] = (w[k] as number) + q * g;
        break;
      }
      case 28: // neg
        w[j] = (w[j] as number) - g;
        break;
      case 33: // relu
      case 35: { // relu6.low
        const a = v[j] as number;
        if (a > 0) { w[j] = (w[j] as number) + g; } else if (!(0 > a)) return i;
        break;
      }
      case 34: { // relu6.high
        const a = v[j] as number;
        if (a < 6) { w[j] = (w[j] as number) + g; } else if (!(6 < a)) return i;
        break;
      }
      case 37: { // sigmoid
        const y = v[i] as number;
        const p = y * (1 - y);
        if (p !== 0) w[j] = (w[j] as number) + p * g;
        break;
      }
      case 42: { // sqrt
        const y = v[i] as number;
        const p = 0.5 / y;
        if (p !== 0) w[j] = (w[j] as number) + p * g;
        break;
      }
      case 43: { // square
        const a = v[j] as number;
        const p = 2 * a;
        if (p !== 0) w[j] = (w[j] as number) + p * g;
        break;
      }
      case 45: { // sub
        const k = code[word + 2] as number;
        w[j] = (w[j] as number) + g;
        w[k] = (w[k] as number) - g;
        break;
      }
      case 46: { // tanh
        const y = v[i] as number;
        const p = 1 - (y * y);
        if (p !== 0) w[j] = (w[j] as number) + p * g;
        break;
      }
      default:
        return i;
    }
  }
  return end - 1;
}

/** Hands on the cotangent of one cell whose partials are calls; false when it is none of these. */
export function stepReverse(
  code: ScalarCode,
  v: Float64Array,
  w: Float64Array,
  i: number,
): boolean {
  const word = i << 2;
  const g = w[i] as number;
  const j = code[word + 1] as number;
  switch (code[word]) {
    case 11: { // cos
      const a = v[j] as number;
      const p = -sin(a);
      if (p !== 0) w[j] = (w[j] as number) + p * g;
      return true;
    }
    case 14: { // erf
      const a = v[j] as number;
      const p = 1.1283791670955126 * exp(-(a * a));
      if (p !== 0) w[j] = (w[j] as number) + p * g;
      return true;
    }
    case 18: { // gelu
      const a = v[j] as number;
      const p = (0.5 * (1 + erf(0.7071067811865476 * a))) + scaleBy(a, 0.3989422804014327 * exp(-0.5 * (a * a)));
      if (p !== 0) w[j] = (w[j] as number) + p * g;
      return true;
    }
    case 32: { // pow
      const k = code[word + 2] as number;
      const a = v[j] as number;
      const b = v[k] as number;
      const y = v[i] as number;
      const p = scaleBy(b, pow(a, b - 1));
      if (p !== 0) w[j] = (w[j] as number) + p * g;
      const q = scaleBy(y, log((a === 0 ? 1 : 0) !== 0 ? 1 : a));
      if (q !== 0) w[k] = (w[k] as number) + q * g;
      return true;
    }
    case 39: { // silu
      const a = v[j] as number;
      const r = 1 / (1 + exp(-a));
      const p = scaleBy(r, 1 + scaleBy(a, 1 - r));
      if (p !== 0) w[j] = (w[j] as number) + p * g;
      return true;
    }
    case 40: { // sin
      const a = v[j] as number;
      const p = cos(a);
      if (p !== 0) w[j] = (w[j] as number) + p * g;
      return true;
    }
    case 41: { // softplus
      const y = v[i] as number;
      const p = -expm1(-y);
      if (p !== 0) w[j] = (w[j] as number) + p * g;
      return true;
    }
    default:
      return false;
  }
}

// The sweep of forward mode. Generated from the statements by tools/scalars.ts; do not edit.
import { doubles } from "../arithmetic/numbers.ts";
import { cos, erf, exp, expm1, log, pow, sin } from "../arithmetic/real/index.ts";
import type { ScalarCode } from "./opcodes.ts";

const { scaleBy } = doubles;

/**
 * Carries `width` tangents beside each cell, those of cell `i` in `t` from `i * width` on: from `from` up to `end`, or
 * to the first cell that needs a call; returns where it stopped.
 */
export function runForward(
  code: ScalarCode,
  v: Float64Array,
  t: Float64Array,
  width: number,
  from: number,
  end: number,
): number {
  for (let i = from; i < end; i++) {
    const word = i << 2;
    const j = code[word + 1] as number;
    let p = 0;
    let q = 0;
    switch (code[word]) {
      case 0:
      case 1:
      case 2:
        continue;
      case 5:
        if (v[code[word + 3] as number] !== 0) p = 1;
        else q = 1;
        break;
      case 6: // abs
      case 29: { // norm1
        const a = v[j] as number;
        if ((-a) > a) { p = -1; } else if (a > (-a)) { p = 1; } else return i;
        break;
      }
      case 7: // add
        p = 1;
        q = 1;
        break;
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
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        if (a < b) { p = 1; } else if (b < a) { q = 1; } else return i;
        break;
      }
      case 10: // clamp.low
      case 25: { // maximum
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        if (a > b) { p = 1; } else if (b > a) { q = 1; } else return i;
        break;
      }
      case 12: { // div
        const b = v[code[word + 2] as number] as number;
        const y = v[i] as number;
        const r = 1 / b;
        p = r;
        q = -(y * r);
        break;
      }
      case 15: { // exp
        const y = v[i] as number;
        p = y;
        break;
      }
      case 16: { // expm1
        const y = v[i] as number;
        p = y + 1;
        break;
      }
      case 19: { // inv
        const y = v[i] as number;
        p = -(y * y);
        break;
      }
      case 23: { // log
        const a = v[j] as number;
        p = 1 / a;
        break;
      }
      case 24: { // log1p
        const a = v[j] as number;
        p = 1 / (a + 1);
        break;
      }
      case 27: // mul
      case 36: { // scaleBy
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        p = b;
        q = a;
        break;
      }
      case 28: // neg
        p = -1;
        break;
      case 33: // relu
      case 35: { // relu6.low
        const a = v[j] as number;
        if (a > 0) { p = 1; } else if (!(0 > a)) return i;
        break;
      }
      case 34: { // relu6.high
        const a = v[j] as number;
        if (a < 6) { p = 1; } else if (!(6 < a)) return i;
        break;
      }
      case 37: { // sigmoid
        const y = v[i] as number;
        p = y * (1 - y);
        break;
      }
      case 42: { // sqrt
        const y = v[i] as number;
        p = 0.5 / y;
        break;
      }
      case 43: { // square
        const a = v[j] as number;
        p = 2 * a;
        break;
      }
      case 45: // sub
        p = 1;
        q = -1;
        break;
      case 46: { // tanh
        const y = v[i] as number;
        p = 1 - (y * y);
        break;
      }
      default:
        return i;
    }
    push(t, width, i, j, code[word + 2] as number, p, q);
  }
  return end;
}

/** Carries the tangents of one cell whose partials are calls; false when it is none of these. */
export function stepForward(
  code: ScalarCode,
  v: Float64Array,
  t: Float64Array,
  width: number,
  i: number,
): boolean {
  const word = i << 2;
  const j = code[word + 1] as number;
  let p = 0;
  let q = 0;
  switch (code[word]) {
    case 11: { // cos
      const a = v[j] as number;
      p = -sin(a);
      break;
    }
    case 14: { // erf
      const a = v[j] as number;
      p = 1.1283791670955126 * exp(-(a * a));
      break;
    }
    case 18: { // gelu
      const a = v[j] as number;
      p = (0.5 * (1 + erf(0.7071067811865476 * a))) + scaleBy(a, 0.3989422804014327 * exp(-0.5 * (a * a)));
      break;
    }
    case 32: { // pow
      const a = v[j] as number;
      const b = v[code[word + 2] as number] as number;
      const y = v[i] as number;
      p = scaleBy(b, pow(a, b - 1));
      q = scaleBy(y, log((a === 0 ? 1 : 0) !== 0 ? 1 : a));
      break;
    }
    case 39: { // silu
      const a = v[j] as number;
      const r = 1 / (1 + exp(-a));
      p = scaleBy(r, 1 + scaleBy(a, 1 - r));
      break;
    }
    case 40: { // sin
      const a = v[j] as number;
      p = cos(a);
      break;
    }
    case 41: { // softplus
      const y = v[i] as number;
      p = -expm1(-y);
      break;
    }
    default:
      return false;
  }
  push(t, width, i, j, code[word + 2] as number, p, q);
  return true;
}

/** The tangents of one cell: the sum of partials times tangents, where a factor of 0 gives 0. */
export function push(t: Float64Array, width: number, i: number, j: number, k: number, p: number, q: number): void {
  for (let d = 0; d < width; d++) {
    const one = scaleBy(p, t[j * width + d] as number);
    t[i * width + d] = q === 0 ? one : one + scaleBy(q, t[k * width + d] as number);
  }
}

// The sweep that computes values. Generated from the statements by tools/scalars.ts; do not edit.
import { doubles } from "../arithmetic/numbers.ts";
import { cos, erf, exp, expm1, log, log1p, pow, sin, tanh } from "../arithmetic/real/index.ts";
import type { ScalarCode } from "./opcodes.ts";

const { scaleBy } = doubles;

/** Computes cells from `from` up to `end`, or to the first that needs a call; returns where it stopped. */
export function runValues(
  code: ScalarCode,
  v: Float64Array,
  from: number,
  end: number,
): number {
  for (let i = from; i < end; i++) {
    const word = i << 2;
    const j = code[word + 1] as number;
    switch (code[word]) {
      case 0:
      case 1:
      case 2:
        break;
      case 5:
        v[i] = v[v[code[word + 3] as number] !== 0 ? j : (code[word + 2] as number)] as number;
        break;
      case 6: // abs
      case 29: { // norm1
        const a = v[j] as number;
        v[i] = Math.abs(a);
        break;
      }
      case 7: { // add
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        v[i] = a + b;
        break;
      }
      case 8: // and
      case 9: // clamp.high
      case 26: { // minimum
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        v[i] = Math.min(a, b);
        break;
      }
      case 10: // clamp.low
      case 25: // maximum
      case 31: { // or
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        v[i] = Math.max(a, b);
        break;
      }
      case 12: { // div
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        v[i] = a / b;
        break;
      }
      case 13: { // equal
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        v[i] = a === b ? 1 : 0;
        break;
      }
      case 17: { // floor
        const a = v[j] as number;
        v[i] = Math.floor(a);
        break;
      }
      case 19: { // inv
        const a = v[j] as number;
        v[i] = 1 / a;
        break;
      }
      case 20: { // isFinite
        const a = v[j] as number;
        v[i] = Math.abs(a) < Infinity ? 1 : 0;
        break;
      }
      case 21: { // less
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        v[i] = a < b ? 1 : 0;
        break;
      }
      case 22: { // lessEqual
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        v[i] = a <= b ? 1 : 0;
        break;
      }
      case 27: { // mul
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        v[i] = a * b;
        break;
      }
      case 28: { // neg
        const a = v[j] as number;
        v[i] = -a;
        break;
      }
      case 30: { // not
        const a = v[j] as number;
        v[i] = a === 0 ? 1 : 0;
        break;
      }
      case 33: // relu
      case 35: { // relu6.low
        const a = v[j] as number;
        v[i] = Math.max(0, a);
        break;
      }
      case 34: { // relu6.high
        const a = v[j] as number;
        v[i] = Math.min(6, a);
        break;
      }
      case 36: { // scaleBy
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        v[i] = scaleBy(a, b);
        break;
      }
      case 38: { // sign
        const a = v[j] as number;
        v[i] = (0 < a ? 1 : 0) !== 0 ? 1 : ((a < 0 ? 1 : 0) !== 0 ? -1 : a);
        break;
      }
      case 42: { // sqrt
        const a = v[j] as number;
        v[i] = Math.sqrt(a);
        break;
      }
      case 43: { // square
        const a = v[j] as number;
        v[i] = a * a;
        break;
      }
      case 44: { // stopGradient
        const a = v[j] as number;
        v[i] = a;
        break;
      }
      case 45: { // sub
        const a = v[j] as number;
        const b = v[code[word + 2] as number] as number;
        v[i] = a - b;
        break;
      }
      default:
        return i;
    }
  }
  return end;
}

/** Computes one cell whose function is a call; false when it is none of these. */
export function stepValues(code: ScalarCode, v: Float64Array, i: number): boolean {
  const word = i << 2;
  const j = code[word + 1] as number;
  switch (code[word]) {
    case 11: { // cos
      const a = v[j] as number;
      v[i] = cos(a);
      return true;
    }
    case 14: { // erf
      const a = v[j] as number;
      v[i] = erf(a);
      return true;
    }
    case 15: { // exp
      const a = v[j] as number;
      v[i] = exp(a);
      return true;
    }
    case 16: { // expm1
      const a = v[j] as number;
      v[i] = expm1(a);
      return true;
    }
    case 18: { // gelu
      const a = v[j] as number;
      v[i] = scaleBy(a, 0.5 * (1 + erf(0.7071067811865476 * a)));
      return true;
    }
    case 23: { // log
      const a = v[j] as number;
      v[i] = log(a);
      return true;
    }
    case 24: { // log1p
      const a = v[j] as number;
      v[i] = log1p(a);
      return true;
    }
    case 32: { // pow
      const a = v[j] as number;
      const b = v[code[word + 2] as number] as number;
      v[i] = pow(a, b);
      return true;
    }
    case 37: { // sigmoid
      const a = v[j] as number;
      v[i] = 1 / (1 + exp(-a));
      return true;
    }
    case 39: { // silu
      const a = v[j] as number;
      v[i] = scaleBy(a, 1 / (1 + exp(-a)));
      return true;
    }
    case 40: { // sin
      const a = v[j] as number;
      v[i] = sin(a);
      return true;
    }
    case 41: { // softplus
      const a = v[j] as number;
      v[i] = Math.max(a, 0) + log1p(exp(-Math.abs(a)));
      return true;
    }
    case 46: { // tanh
      const a = v[j] as number;
      v[i] = tanh(a);
      return true;
    }
    default:
      return false;
  }
}

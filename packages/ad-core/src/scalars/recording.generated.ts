// The methods that record. Generated from the statements by tools/scalars.ts; do not edit.
import { doubles } from "../arithmetic/numbers.ts";
import { cos, erf, exp, expm1, log, log1p, pow, sin, tanh } from "../arithmetic/real/index.ts";
import type { Cells } from "./cells.ts";
import type { Handle } from "./opcodes.ts";

const { scaleBy } = doubles;

/** The operations without settings: each records one instruction and returns the handle of its result. */
export class RecordedOperations {
  readonly cells: Cells;

  constructor(cells: Cells) {
    this.cells = cells;
  }

  abs(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = Math.abs(x);
    code[i << 2] = 6; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  add(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = x + z;
    code[i << 2] = 7; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  and(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = Math.min(x, z);
    code[i << 2] = 8; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  cos(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = cos(x);
    code[i << 2] = 11; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  div(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = x / z;
    code[i << 2] = 12; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  equal(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = x === z ? 1 : 0;
    code[i << 2] = 13; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  erf(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = erf(x);
    code[i << 2] = 14; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  exp(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = exp(x);
    code[i << 2] = 15; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  expm1(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = expm1(x);
    code[i << 2] = 16; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  floor(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = Math.floor(x);
    code[i << 2] = 17; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  gelu(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = scaleBy(x, 0.5 * (1 + erf(0.7071067811865476 * x)));
    code[i << 2] = 18; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  inv(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = 1 / x;
    code[i << 2] = 19; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  isFinite(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = Math.abs(x) < Infinity ? 1 : 0;
    code[i << 2] = 20; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  less(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = x < z ? 1 : 0;
    code[i << 2] = 21; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  lessEqual(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = x <= z ? 1 : 0;
    code[i << 2] = 22; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  log(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = log(x);
    code[i << 2] = 23; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  log1p(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = log1p(x);
    code[i << 2] = 24; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  maximum(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = Math.max(x, z);
    code[i << 2] = 25; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  minimum(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = Math.min(x, z);
    code[i << 2] = 26; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  mul(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = x * z;
    code[i << 2] = 27; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  neg(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = -x;
    code[i << 2] = 28; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  norm1(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = Math.abs(x);
    code[i << 2] = 29; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  not(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = x === 0 ? 1 : 0;
    code[i << 2] = 30; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  or(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = Math.max(x, z);
    code[i << 2] = 31; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  pow(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = pow(x, z);
    code[i << 2] = 32; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  relu(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = Math.max(0, x);
    code[i << 2] = 33; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  scaleBy(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = scaleBy(x, z);
    code[i << 2] = 36; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  sigmoid(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = 1 / (1 + exp(-x));
    code[i << 2] = 37; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  sign(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = (0 < x ? 1 : 0) !== 0 ? 1 : ((x < 0 ? 1 : 0) !== 0 ? -1 : x);
    code[i << 2] = 38; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  silu(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = scaleBy(x, 1 / (1 + exp(-x)));
    code[i << 2] = 39; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  sin(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = sin(x);
    code[i << 2] = 40; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  softplus(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = Math.max(x, 0) + log1p(exp(-Math.abs(x)));
    code[i << 2] = 41; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  sqrt(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = Math.sqrt(x);
    code[i << 2] = 42; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  square(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = x * x;
    code[i << 2] = 43; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  stopGradient(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = x;
    code[i << 2] = 44; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }

  sub(a: Handle, b: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i || b >>> 0 !== b || b >= i) t.refuseAny(a, b);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    const z = v[b] as number;
    v[i] = x - z;
    code[i << 2] = 45; code[(i << 2) + 1] = a; code[(i << 2) + 2] = b;
    t.length = i + 1;
    return i;
  }

  tanh(a: Handle): Handle {
    const t = this.cells;
    const i = t.length;
    if (a >>> 0 !== a || a >= i) t.refuseAny(a);
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;
    v[i] = tanh(x);
    code[i << 2] = 46; code[(i << 2) + 1] = a;
    t.length = i + 1;
    return i;
  }
}

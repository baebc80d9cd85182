import { erfTable } from "@nonsmooth/ad-core/machines";
import { constant, type Expression, load, op, select } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { asInteger } from "./bits.ts";
import { productError } from "./doubleDouble.ts";
import { abs, add, choose, div, floor, greater, less, mul, not, series, sub } from "./formula.ts";
import { atLeastScale } from "./leastScale.ts";

// 2/sqrt(pi) in two parts.
const slopeHigh = 1.1283791670955126;
const slopeLow = 1.533545961316588e-17;

/** Writes the function `erf(x) = 2/sqrt(pi)` times the integral of `e^(-t^2)` from 0 to x. */
export function erf(module: ModuleBuilder, f: FunctionBuilder, x: Local): void {
  const magnitude = f.let(abs(x));
  f.if(not(greater(magnitude, 0)), () => f.return(x));
  const y = choose(
    f,
    op("f64.ge", magnitude, 6),
    () => 1,
    () =>
      choose(
        f,
        less(magnitude, 0.0625),
        () => nearZero(f, magnitude),
        () => aroundTable(module, f, magnitude),
      ),
  );
  f.result(op("f64.copysign", y, x));
}

/** `2/sqrt(pi) (x - x^3/3 + x^5/10 - ...)`. */
function nearZero(f: FunctionBuilder, x: Local): Local {
  return choose(
    f,
    less(x, 1e-200),
    () => atTinyScale(f, x),
    () => {
      const u = f.let(mul(x, x));
      const tail = mul(u, series(u, -1 / 3, 1 / 10, -1 / 42, 1 / 216, -1 / 1320, 1 / 9360));
      const head = f.let(mul(slopeHigh, x));
      return add(head, add(productError(f, slopeHigh, x, head), mul(slopeLow, x), mul(head, tail)));
    },
  );
}

/** `2/sqrt(pi) x` where the error of the product would underflow. */
function atTinyScale(f: FunctionBuilder, x: Local): Local {
  const isSubnormal = f.let(less(x, 2.2250738585072014e-308));
  const scaled = f.let(mul(x, select(isSubnormal, constant("f64", 2 ** 1022), constant("f64", 2 ** 512))));
  const head = f.let(mul(slopeHigh, scaled));
  const low = f.let(add(productError(f, slopeHigh, scaled, head), mul(slopeLow, scaled)));
  return choose(
    f,
    isSubnormal,
    () => atLeastScale(f, head, low),
    () => mul(add(head, low), 2 ** -512),
  );
}

/** Taylor series around the nearest a = i/64, whose terms follow from one another as Hermite polynomials do. */
function aroundTable(module: ModuleBuilder, f: FunctionBuilder, x: Local): Local {
  const i = f.let(floor(add(mul(64, x), 0.5)));
  const d = f.let(sub(x, div(i, 64)));
  const row = f.let(op("i32.add", op("i32.shl", asInteger(i), 5), module.table("erf", erfTable)));
  const value = f.let(load("f64.load", row));
  const slope = f.let(load("f64.load", row, 16));
  const step = f.let(mul(slope, d));
  const y = f.let(add(value, step));
  const slopeRest = mul(load("f64.load", row, 24), d);
  const rest = f.let(add(load("f64.load", row, 8), slopeRest, productError(f, slope, d, step)));
  const below = add(rest, mul(slope, sumOfTerms(f, d, i)));
  return f.let(add(y, add(sub(value, y), step, below)));
}

/** `t1 + (t2 + ...)`, where each term follows from the two before it. */
function sumOfTerms(f: FunctionBuilder, d: Local, i: Local): Local {
  const b = f.let(mul(-2, d, div(i, 64)));
  const c = f.let(mul(-2, d, d));
  const t1 = f.let(div(mul(b, d), 2));
  const t2 = f.let(mul(add(mul(b, t1), div(mul(c, d), 2)), 1 / 3));
  const terms = [t1, t2];
  for (let n = 3; n <= 7; n++) {
    const [before, last] = terms.slice(-2) as [Local, Local];
    terms.push(f.let(mul(add(mul(b, last), mul(c, before, (n - 1) / n)), 1 / (n + 1))));
  }
  const smallest: Expression = terms.pop() as Local;
  return f.let(terms.reduceRight((sum, term) => add(term, sum), smallest));
}

import { op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { type Pair, productError, sumError } from "./doubleDouble.ts";
import { expm1Pair } from "./expKernel.ts";
import { abs, add, choose, div, greater, mul, not, sub } from "./formula.ts";

/** Writes the function `tanh(x) = E / (E + 2)` with `E = e^(2 x) - 1`. */
export function tanh(module: ModuleBuilder, f: FunctionBuilder, x: Local): void {
  const magnitude = f.let(abs(x));
  f.if(not(op("f64.ge", magnitude, 1e-9)), () => f.return(x));
  const y = choose(
    f,
    greater(magnitude, 20),
    () => 1,
    () => tanhOfExpm1(f, expm1Pair(module, f, f.let(mul(2, magnitude)))),
  );
  f.result(op("f64.copysign", y, x));
}

/** `E / (E + 2)` with `E = expm1(2 x)` as a double-double, and one correction of the quotient. */
export function tanhOfExpm1(f: FunctionBuilder, { hi: e, lo }: Pair): Local {
  const low = f.let(lo);
  const sum = f.let(add(e, 2));
  const lowSum = add(sumError(f, e, 2, sum), low);
  const quotient = f.let(div(e, sum));
  const product = f.let(mul(quotient, sum));
  const inexact = productError(f, quotient, sum, product);
  const missing = add(sub(sub(e, product), inexact), sub(low, mul(quotient, lowSum)));
  return f.let(add(quotient, div(missing, sum)));
}

import { constant } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { expm1Pair, expOfSum } from "./expKernel.ts";
import { both, either, greater, isNan, less } from "./formula.ts";

/** Writes the function `e^x - 1`. */
export function expm1(module: ModuleBuilder, f: FunctionBuilder, x: Local): void {
  f.if(either(isNan(x), both(less(x, 1e-17), greater(x, -1e-17))), () => f.return(x));
  f.if(greater(x, 50), () => f.return(expOfSum(module, f, x, 0)));
  f.if(less(x, -50), () => f.return(constant("f64", -1)));
  f.result(expm1Pair(module, f, x).hi);
}

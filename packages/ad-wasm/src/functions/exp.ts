import { constant } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { expOfSum } from "./expKernel.ts";
import { isNan } from "./formula.ts";

/** Writes the function `e^x`. */
export function exp(module: ModuleBuilder, f: FunctionBuilder, x: Local): void {
  f.if(isNan(x), () => f.return(constant("f64", NaN)));
  f.result(expOfSum(module, f, x, 0));
}

import { constant } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { both, equal, greater, less } from "./formula.ts";
import { logPair } from "./logKernel.ts";

/** Writes the function `log(x)`. */
export function log(module: ModuleBuilder, f: FunctionBuilder, x: Local): void {
  f.if(both(greater(x, 0), less(x, Infinity)), () => f.return(logPair(module, f, x, 0).hi));
  f.if(equal(x, 0), () => f.return(constant("f64", -Infinity)));
  f.if(less(x, 0), () => f.return(constant("f64", NaN)));
  f.result(x);
}

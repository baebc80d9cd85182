import { constant } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { sumError } from "./doubleDouble.ts";
import { add, both, equal, greater, less } from "./formula.ts";
import { logNearOne, logPair } from "./logKernel.ts";

/** Writes the function `log(1 + x)`. */
export function log1p(module: ModuleBuilder, f: FunctionBuilder, x: Local): void {
  f.if(both(greater(x, -0.0019), less(x, 0.0039)), () => {
    f.if(both(less(x, 1e-17), greater(x, -1e-17)), () => f.return(x));
    f.return(logNearOne(f, x).hi);
  });
  f.if(both(greater(x, -1), less(x, Infinity)), () => {
    const sum = f.let(add(1, x));
    f.return(logPair(module, f, sum, f.let(sumError(f, 1, x, sum))).hi);
  });
  f.if(equal(x, -1), () => f.return(constant("f64", -Infinity)));
  f.if(less(x, -1), () => f.return(constant("f64", NaN)));
  f.result(x);
}

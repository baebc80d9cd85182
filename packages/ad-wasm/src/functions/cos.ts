import { constant } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { sinOfTurns } from "./circularKernel.ts";
import { abs, less, not } from "./formula.ts";
import { quarterTurns } from "./quarterTurns.ts";

/** Writes the function `cos(x)`. */
export function cos(module: ModuleBuilder, f: FunctionBuilder, x: Local): void {
  const magnitude = f.let(abs(x));
  f.if(not(less(magnitude, Infinity)), () => f.return(constant("f64", NaN)));
  const turned = quarterTurns(module, f, magnitude);
  f.update(turned.turns, "i32.add", 1);
  f.result(sinOfTurns(module, f, turned));
}

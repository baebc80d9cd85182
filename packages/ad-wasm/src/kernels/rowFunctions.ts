// Functions of the engine on numbers of a row: computed in double and rounded to the format of sums.
import { type Expression, lane, op, withLane } from "../encoding/expression.ts";
import { call, type FunctionRef } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { type RealName, realFunction } from "../functions/index.ts";
import { realVector } from "../functions/vectors/index.ts";
import { realSingles } from "../functions/vectors/singles.ts";
import { first, type Numbers, oneOf, splat } from "./numbers.ts";
import type { RowCode } from "./rowCode.ts";

/** A function of one number. */
export type UnaryName = Exclude<RealName, "pow">;

/** The function of one double, or of one single. */
function ofOne(module: ModuleBuilder, name: UnaryName, format: Numbers["format"], x: Expression): Expression {
  const made = realFunction(module, name);
  return format === "f64" ? call(made, x) : op("f32.demote_f64", call(made, op("f64.promote_f32", x)));
}

/** The function of a vector: of all lanes at once where there is one, else lane by lane. */
function vectorFunction(module: ModuleBuilder, name: UnaryName, { format, width, type }: Numbers): FunctionRef {
  const ofAll = format === "f64" ? realVector(module, name) : realSingles(module, name);
  if (ofAll) return ofAll;
  const shape = format === "f64" ? "f64x2" : "f32x4";
  realFunction(module, name);
  return module.function(`${name} ${shape}`, [type], type, (f, ...[x]) => {
    const lanes = Array.from({ length: width }, (_, i) => ofOne(module, name, format, lane(shape, x as Expression, i)));
    const start = splat({ format, width, type, bytes: 16 }, lanes[0] as Expression);
    f.result(lanes.slice(1).reduce((all, one, i) => withLane(shape, all, i + 1, one), start));
  });
}

/** A function of numbers. */
export const applied = (module: ModuleBuilder, n: Numbers, name: UnaryName, x: Expression): Expression =>
  n.width === 1 ? ofOne(module, name, n.format, x) : call(vectorFunction(module, name, n), x);

/** A function of a number that belongs to a row: only once where a vector holds neighbours of one row. */
export function appliedToRow({ module, numbers, isAlong }: RowCode, name: UnaryName, x: Expression): Expression {
  if (!isAlong) return applied(module, numbers, name, x);
  return splat(numbers, applied(module, oneOf(numbers.format), name, first(numbers, x)));
}

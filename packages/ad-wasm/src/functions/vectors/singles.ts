// Functions of four singles in a vector: computed in double, and rounded.
import { type Expression, op, shuffle } from "../../encoding/expression.ts";
import { call, type FunctionBuilder, type FunctionRef, type Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { mul } from "../formula.ts";
import type { RealName } from "../index.ts";
import { type Approximation, approximations } from "./approximations.ts";
import { realVector } from "./index.ts";
import { highHalves, lowHalves } from "./lanes.ts";

/** Applies a function to the lower two singles and to the upper two, as doubles. */
const onHalves = (f: FunctionBuilder, x: Local, ofBoth: (half: Local) => Expression): [Local, Local] => {
  const ofHalf = (half: Expression): Local => f.let(ofBoth(f.let(op("f64x2.promote_low_f32x4", half))));
  return [ofHalf(x), ofHalf(shuffle(x, x, highHalves))];
};

/** Two vectors of doubles, rounded to one of singles. */
const demoted = ([low, high]: readonly [Expression, Expression]): Expression =>
  shuffle(op("f32x4.demote_f64x2_zero", low), op("f32x4.demote_f64x2_zero", high), lowHalves);

/** The function of that name of four singles, made once: from v128 to v128; null where there is only that of one. */
export function realSingles(module: ModuleBuilder, name: RealName): FunctionRef | null {
  const two = realVector(module, name);
  if (!two) return null;
  const approximation = approximations[name];
  if (approximation) return approximated(module, name, approximation, two);
  return module.function(`vector ${name} f32x4`, ["v128"], "v128", (f, ...params) => {
    const [x] = params as [Local];
    f.result(demoted(onHalves(f, x, (half) => call(two, half))));
  });
}

/**
 * By the shorter way where nothing within its error rounds to another single, which is nearly always; else by the
 * function that gives all bits. Both gave the same for every single when all of them were compared.
 */
function approximated(module: ModuleBuilder, name: RealName, { write, error }: Approximation, two: FunctionRef) {
  return module.function(`brief ${name} f32x4`, ["v128"], "v128", (f, ...params) => {
    const [x] = params as [Local];
    const [low, high] = onHalves(f, x, (half) => write(module, f, half));
    const times = (factor: number): Local => f.let(demoted([mul(low, factor), mul(high, factor)]));
    const [least, most] = [times(1 - error), times(1 + error)];
    f.if(op("i32x4.all_true", op("f32x4.eq", least, most)), () => f.return(most));
    f.result(demoted(onHalves(f, x, (half) => call(two, half))));
  });
}

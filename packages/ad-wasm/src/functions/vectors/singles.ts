// Functions of four singles in a vector: computed in double, and rounded.
import { type Expression, op, shuffle } from "../../encoding/expression.ts";
import { call, type FunctionRef, type Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import type { RealName } from "../index.ts";
import { realVector } from "./index.ts";
import { highHalves, lowHalves } from "./lanes.ts";

/** The function of that name of four singles, made once: from v128 to v128; null where there is only that of one. */
export function realSingles(module: ModuleBuilder, name: RealName): FunctionRef | null {
  const two = realVector(module, name);
  if (!two) return null;
  return module.function(`vector ${name} f32x4`, ["v128"], "v128", (f, ...params) => {
    const [x] = params as [Local];
    const ofHalf = (half: Expression): Expression =>
      op("f32x4.demote_f64x2_zero", call(two, op("f64x2.promote_low_f32x4", half)));
    f.result(shuffle(ofHalf(x), ofHalf(shuffle(x, x, highHalves)), lowHalves));
  });
}

import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { sumError } from "./doubleDouble.ts";
import { add, choose, less, mul, not, sub } from "./formula.ts";

const leastNormal = 2.2250738585072014e-308;

/** `(head + low) 2^-1022`, rounded once, also where the result is subnormal; head is not negative, low small against it. */
export function atLeastScale(f: FunctionBuilder, head: Local, low: Local): Local {
  const sum = f.let(add(head, low));
  return choose(
    f,
    not(less(sum, 1)),
    () => mul(sum, leastNormal),
    () => {
      // Adding 1 puts the last bit of the sum where the last subnormal bit is.
      const shifted = f.let(add(1, head));
      return mul(sub(add(shifted, add(sumError(f, 1, head, shifted), low)), 1), leastNormal);
    },
  );
}

// The exponential linear unit.
import type { Algebra } from "../arithmetic/algebra.ts";
import type { Primitive } from "../door/primitive.ts";
import type { PairKink, Statement } from "../elementary/statement.ts";
import { domainError } from "../errors/messages.ts";
import { first } from "../selections/selection.ts";
import type { Operand, Tensor } from "../tensors/tensor.ts";
import { applyElementary, elementaryPrimitive } from "./elementary.ts";
import { slanted } from "./kinked.ts";
import { settingLike } from "./operands.ts";
import type { SiteOptions } from "./options.ts";

/** `exp(x) - 1` up to 0, and 0 from there on. */
const negativePart = <N>(m: Algebra<N>, a: N): N => m.expm1(m.minimum(a, m.constant(0)));

const positivePart = <N>(m: Algebra<N>, a: N): N => m.maximum(a, m.constant(0));

/** The derivative for `alpha = 1`, which is continuous: `exp(x)` up to 0, and 1 from there on. */
const smoothSlope = <N>(m: Algebra<N>, a: N): N => m.select(m.less(m.constant(0), a), m.constant(1), m.exp(a));

const smooth: Statement = {
  arity: 1,
  value: (m, a) => m.add(negativePart(m, a), positivePart(m, a)),
  partials: [(m, _y, a) => smoothSlope(m, a)],
};

/**
 * Each side is continued so that the two meet at 0 only: for `alpha < 1` by 0 and by `x` below it, the larger of both;
 * for `alpha > 1` by `alpha x` and by 0, the smaller of both.
 */
const kinkOf = (alpha: number): PairKink => ({
  order: alpha < 1 ? "max" : "min",
  default: first,
  branches: (m, a) =>
    alpha < 1
      ? [slanted(m, alpha, negativePart(m, a)), a]
      : [m.mul(m.constant(alpha), m.add(negativePart(m, a), positivePart(m, a))), positivePart(m, a)],
  // a branch that is not linear: its weight times its slope
  partials: [(m, mix, a) => m.add(m.scaleBy(mix(alpha, 0), smoothSlope(m, a)), mix(0, 1))],
});

const exponential = (alpha: number): Statement =>
  alpha === 1
    ? smooth
    : {
        arity: 1,
        value: (m, a) => m.add(slanted(m, alpha, negativePart(m, a)), positivePart(m, a)),
        kink: kinkOf(alpha),
      };

export const eluPrimitive: Primitive<number> = elementaryPrimitive<number>("elu", exponential, 0.5);

/**
 * Exponential linear unit, `y = x` for `x > 0`, else `alpha (exp(x) - 1)`.
 *
 * Kink: `x = 0`, unless `alpha = 1`. Branches there are `[alpha (exp(x) - 1), x]`, each continued past 0 so that they meet
 * at 0 only; the default `first` gives the derivative `alpha`. For `alpha = 1` the derivative is continuous, and the
 * second one at 0 is that of the left side, 1. NaN passes.
 * Cost: 1 difference of an exponential, 1 multiplication, 1 addition and 2 comparisons per element; for `alpha` 0 and 1
 * no multiplication.
 *
 * @param x - any shape of reals
 * @param alpha - finite; 1 when absent
 * @param options - `site`
 * @returns the shape of `x`
 * @throws AdError "dtype" for integers and booleans; "domain" when alpha is not finite
 * @example
 * elu(tensor([-Infinity, 0, 2])) // [-1, 0, 2]
 * grad((x) => elu(x))(tensor(0)) // 1
 * grad((x) => elu(x, 0.5))(tensor(0)) // 0.5
 * grad((x) => elu(x, 0.5), { select: { elu: last } })(tensor(0)) // 1
 */
export function elu(x: Operand, alpha = 1, options: SiteOptions = {}): Tensor {
  if (!Number.isFinite(alpha)) throw domainError("elu", "alpha", "a finite number", alpha, "pass a finite number");
  return applyElementary(eluPrimitive, [x], settingLike("elu", x, alpha), options.site);
}

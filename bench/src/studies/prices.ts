/** What counted scalar operations cost. */
import { type Atom, classOf, type Histogram, type Prices } from "@nonsmooth/ad-core";

/** A quotient is an inverse and a product. */
function priceOfAtom(atom: Atom, { add, mul, nonlinear }: Prices): number {
  if (atom === "div") return nonlinear + mul;
  const kind = classOf[atom];
  return kind === "add" ? add : kind === "mul" ? mul : nonlinear;
}

/** The price of all operations of a histogram. */
export const priceOf = (histogram: Histogram, prices: Prices): number =>
  (Object.entries(histogram) as [Atom, number][]).reduce(
    (total, [atom, count]) => total + count * priceOfAtom(atom, prices),
    0,
  );

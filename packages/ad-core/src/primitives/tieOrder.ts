// From rows that tie to the order in which a selection puts them.
import { apply } from "../door/interpreter.ts";
import type { Primitive } from "../door/primitive.ts";
import type { TieSelection } from "../selections/selection.ts";
import { sizeOf } from "../tensors/shape.ts";
import type { Tensor } from "../tensors/tensor.ts";
import { sortSources } from "./ranks.ts";
import { rankingCost } from "./ties.ts";

/** Which order is asked for. */
interface OrderParams {
  /** It picks one element of those that tie. */
  readonly selection: TieSelection;
  /** Number of the kink in its run: draws at different kinks differ. */
  readonly kink: number;
}

/**
 * Where each place of sorted rows comes from, as numbers of elements in row-major order: the weights of a sort where each
 * place takes one element, in the space of one number for each. Locally constant, and without derivative.
 */
export const tieOrderPrimitive: Primitive<OrderParams> = {
  name: "tieOrder",
  dtype: () => "i32",
  shape: ([rows]) => rows.shape,
  forward(k, [rows], { selection, kink }) {
    const width = rows.shape.at(-1) as number;
    const out = k.allocate(sizeOf(rows.shape));
    for (let row = 0; row * width < out.length; row++) {
      const start = row * width;
      const values = Float64Array.from({ length: width }, (_, i) =>
        k.read(rows.data[start + i] as (typeof out)[number]),
      );
      sortSources(values, { selection, kink, row }).forEach((source, place) => {
        out[start + place] = k.sum.constant(start + source);
      });
    }
    return out;
  },
  linearize: () => [null],
  // the order changes where elements tie
  kink: { type: "jump", along: true, order: () => "sort", branches: ([rows]) => [rows] },
  cost: ([rows]) => rankingCost(rows),
};

/** The order of rows under a selection that picks one of the elements that tie. */
export const tieOrder = (rows: Tensor, params: OrderParams): Tensor => apply(tieOrderPrimitive, [rows], params);

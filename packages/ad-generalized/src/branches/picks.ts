// Which branches are extreme along directions: one instruction, so that whoever records a run records the choice.
import { apply, type Histogram, type Order, type Primitive, stack, type Tensor } from "@nonsmooth/ad-core";
import { comparisons } from "@nonsmooth/ad-core/transforms";
import { pick } from "./rank.ts";
import { eachRow, extentOf, type Layout, type Numbers } from "./rows.ts";

/** How branches are compared. */
export interface PickParams extends Layout {
  readonly order: Order;
  /** Numbers that differ by no more count as equal. */
  readonly tolerance: number;
}

/** How many branches a place of this order takes. */
const taken = (order: Order, width: number): number => (order === "sort" ? width : order === "median" ? 2 : 1);

/** What to call the list of inputs: values, then the tangents along each direction, then the mask. */
type List = readonly { readonly shape: readonly number[] }[];

const extent = (inputs: List, params: PickParams): [number, number] =>
  extentOf(
    inputs.map(({ shape }) => shape),
    params,
  );

/** The most comparisons it takes: an order or an extreme for each key, and what ties in it for all keys but the last. */
function priceOf(inputs: List, params: PickParams): Histogram {
  const [width, places] = extent(inputs, params);
  const isExtreme = params.order === "max" || params.order === "min";
  const each = places * (isExtreme ? Math.max(0, width - 1) : comparisons(width));
  const price = { less: each * params.keys, equal: each * (params.keys - 1) };
  return Object.fromEntries(Object.entries(price).filter(([, count]) => count > 0));
}

/**
 * Numbers of the branches taken at each place, `i32`: with a last axis of the two middles for `median`, and of all
 * branches, counted through all rows, for `sort`. Branches that tie in value are told apart by their tangents, one
 * direction after the other; those that tie in all stay in written order.
 */
export const picksPrimitive: Primitive<PickParams> = {
  name: "generalized/picks",
  dtype: () => "i32",
  shape(inputs, params) {
    const first = inputs[0].shape;
    const rows = params.along ? first.slice(0, -1) : first;
    const isSingle = params.order === "max" || params.order === "min";
    return isSingle ? rows : [...rows, taken(params.order, extent(inputs, params)[0])];
  },
  forward(k, inputs, params) {
    const [width, places] = extent(inputs, params);
    const count = taken(params.order, width);
    const out = k.allocate(places * count);
    const numbers = inputs.map(
      ({ shape, data }): Numbers => ({ shape, at: (i) => k.read(data[i] as (typeof out)[number]) }),
    );
    eachRow(numbers, params, (row, place) => {
      const start = params.order === "sort" ? place * width : 0;
      pick(row, params.order, params.tolerance).branches.forEach((branch, i) => {
        out[place * count + i] = k.sum.constant(start + branch);
      });
    });
    return out;
  },
  linearize: (at) => at.inputs.map(() => null),
  // what is taken changes where branches tie
  kink: {
    type: "jump",
    along: true,
    order: ({ order }) => order,
    branches: (inputs, params) => [params.along ? inputs[0] : stack(inputs.slice(0, extent(inputs, params)[0]), -1)],
    present: (inputs, { masked }) => (masked ? (inputs.at(-1) as Tensor) : null),
  },
  cost: priceOf,
};

/** Compares branches: `lists` has the values, then the tangents along each direction. */
export const picks = (
  lists: readonly (readonly Tensor[])[],
  present: Tensor | null,
  params: Pick<PickParams, "order" | "along" | "tolerance">,
): Tensor =>
  apply(picksPrimitive, [...lists.flat(), ...(present ? [present] : [])], {
    order: params.order,
    along: params.along,
    tolerance: params.tolerance,
    keys: lists.length,
    masked: present !== null,
  });

// What a network is made of, from shapes alone.
import type { Shape } from "@nonsmooth/ad-core";
import { checkRank, inputError } from "./checks.ts";
import { sizeOf } from "./draw.ts";
import type { Layer, Plan } from "./layer.ts";

/** One layer of a network. */
export interface SummaryRow {
  /** Its site, such as `"block1/relu"`; empty for a network of one layer. */
  readonly path: string;
  /** Such as `"conv2d"`. */
  readonly kind: string;
  /** Without the axis of the batch. */
  readonly outputShape: Shape;
  /** How many numbers it learns. */
  readonly parameters: number;
  /** Multiply-accumulates of its convolutions and matrix products on one sample; cells in the padding count. */
  readonly macs: number;
}

/** What {@link summary} returns. */
export interface Summary {
  readonly name: string;
  readonly inputShape: Shape;
  /** In the order in which they run; a layer made of others has a row only for what it does itself. */
  readonly rows: readonly SummaryRow[];
  readonly outputShape: Shape;
  readonly parameters: number;
  readonly macs: number;
}

/**
 * The layers of a network with their output shapes, parameters and multiply-accumulates, from shapes alone: nothing is
 * drawn or computed.
 *
 * Multiply-accumulates are those of convolutions and matrix products for one sample, each product of a window counted,
 * also those with the padding; biases, normalizations, activations and poolings are not counted.
 *
 * @param layer - a layer or a model
 * @param inputShape - without the axis of the batch; that of the model when absent
 * @returns a row for each layer, and totals
 * @throws AdError "shape" when the shape does not fit, or none is given and the layer is no model
 * @example
 * import { linear, relu, sequential } from "@nonsmooth/nets/layers";
 * const { rows, parameters, macs } = summary(sequential({ hidden: linear(8), relu: relu(), scores: linear(3) }), [4]);
 * rows.map(({ path }) => path) // ["hidden", "relu", "scores"]
 * rows[0] // { path: "hidden", kind: "linear", outputShape: [8], parameters: 40, macs: 32 }
 * [parameters, macs] // [67, 56]
 */
export function summary(layer: Layer & { readonly inputShape?: Shape }, inputShape?: Shape): Summary {
  const shape = inputShape ?? layer.inputShape;
  if (shape === undefined)
    throw inputError("summary", "the shape of an input", [], "only models have one by themselves");
  checkRank("summary", shape, "a shape without the axis of the batch", [0, 1, 2, 3, 4, 5]);
  const plan = layer.plan(shape);
  const rows = rowsOf(plan, "");
  const total = (name: "parameters" | "macs"): number => rows.reduce((sum, row) => sum + row[name], 0);
  const { kind: name, outputShape } = plan;
  return { name, inputShape: shape, rows, outputShape, parameters: total("parameters"), macs: total("macs") };
}

function rowsOf({ kind, outputShape, params, macs, parts }: Plan, path: string): SummaryRow[] {
  const parameters = Object.values(params).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const inside = Object.entries(parts);
  const own = inside.length === 0 || parameters + macs > 0 ? [{ path, kind, outputShape, parameters, macs }] : [];
  return [...own, ...inside.flatMap(([name, part]) => rowsOf(part, path === "" ? name : `${path}/${name}`))];
}

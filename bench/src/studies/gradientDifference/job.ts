/** The kind `gradient-difference`: how far the gradients of a small network are apart under two choices for ReLU'(0). */
import { setImmediate } from "node:timers/promises";
import { atKink, crossEntropy, grad, key, split, type Tensor, type Tree, tensor } from "@nonsmooth/ad-core";
import { type Model, mlp } from "@nonsmooth/nets";
import { uniformBetween } from "../../programs/draws.ts";
import { leavesOf, mapLeaves } from "../../programs/trees.ts";
import type { JobContext, JobKind, Parameters } from "../../sweeps/job.ts";
import { oneOf, type ReadBy, readParameters, real, whole } from "../../sweeps/parameters.ts";

const readers = {
  seed: whole(0),
  /** How many mini-batches, each with weights of its own. */
  batches: whole(1),
  batch: whole(1),
  inputs: whole(1),
  width: whole(1),
  dtype: oneOf(["f64", "f32", "f16", "bf16"]),
  /** Weights, biases and samples are rounded to multiples of 1 / grid; 0 leaves them as drawn. */
  grid: whole(0),
  /** ReLU'(0) of the one gradient and of the other. */
  slope: real,
  otherSlope: real,
};

type Settings = ReadBy<typeof readers>;

const classes = 10;

/** What a job found. */
export interface GradientDifferences {
  /** For each mini-batch: the sum over all parameters of the absolute difference; null where it is not finite. */
  readonly differences: readonly (number | null)[];
  /** Entries of a gradient. */
  readonly entries: number;
}

/**
 * Differences of gradients of the cross-entropy of the network inputs - width - width - 10, on drawn mini-batches.
 *
 * A difference is exactly 0 unless a pre-activation is exactly 0 somewhere: the values of both runs have the same bits, and
 * sums have a stated order. With a grid, pre-activations of the first layer are multiples of 1 / grid², and meet 0 often.
 */
export const gradientDifference: JobKind = { name: "gradient-difference", run };

async function run(parameters: Parameters, { signal, progress }: JobContext): Promise<GradientDifferences> {
  const settings = readParameters("gradient-difference", parameters, readers);
  const { batches, inputs, width, seed } = settings;
  const model = mlp([inputs, width, width, classes]);
  const differences: (number | null)[] = [];
  let entries = 0;
  for (const [index, drawn] of split(key(seed), batches).entries()) {
    const found = differenceOn(model, settings, drawn);
    differences.push(Number.isFinite(found.difference) ? found.difference : null);
    entries = found.entries;
    progress(index + 1, batches, `mini-batch ${index + 1}`);
    await setImmediate();
    signal.throwIfAborted();
  }
  return { differences, entries };
}

/** One mini-batch, with weights of its own. */
function differenceOn(model: Model, settings: Settings, drawn: Tensor): { difference: number; entries: number } {
  const { batch, inputs, dtype, grid, slope, otherSlope } = settings;
  const [forWeights, forSamples] = split(drawn) as [Tensor, Tensor];
  const { params, state } = model.init(forWeights, model.inputShape, dtype);
  const weights = mapLeaves(params, (x) => onGrid(x, grid));
  const x = onGrid(uniformBetween(forSamples, [batch, inputs], [0, 1], dtype), grid);
  const labels = tensor(
    Array.from({ length: batch }, (_, i) => i % classes),
    { dtype: "i32" },
  );
  const loss = (p: Tree): Tensor =>
    crossEntropy(model.apply({ params: p, state }, x, { training: false, key: null }).y, labels);
  const [one, other] = [slope, otherSlope].map((at) =>
    numbersOf(grad(loss, { select: { relu: atKink(at) } })(weights) as Tree),
  ) as [number[], number[]];
  const difference = one.reduce((total, value, i) => total + Math.abs(value - (other[i] as number)), 0);
  return { difference, entries: one.length };
}

const numbersOf = (tree: Tree): number[] => leavesOf(tree).flatMap(({ data }) => Array.from(data, Number));

/** The nearest multiples of 1 / grid, exact in every format when grid is a small power of 2. */
function onGrid(x: Tensor, grid: number): Tensor {
  if (grid === 0) return x;
  const rounded = Array.from(x.data, (value) => Math.round(Number(value) * grid) / grid);
  return tensor(rounded, { dtype: x.dtype, shape: x.shape });
}

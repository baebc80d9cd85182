/** A random program: layers drawn from a seed, the same ones for every number of inputs. */
import {
  abs,
  add,
  concatenate,
  exp,
  key,
  maximum,
  mean,
  mul,
  neg,
  randomUniform,
  relu,
  sigmoid,
  sin,
  slice,
  split,
  sub,
  type Tensor,
  tanh,
} from "@nonsmooth/ad-core";
import { uniformBetween } from "./draws.ts";
import { checkSettings, sizeOf } from "./settings.ts";
import type { BuiltProgram, ProgramOptions, ProgramSource } from "./types.ts";

const depth = 24;

/** What a layer may be. Each takes numbers in [-1, 1] to numbers in [-1, 1], entry by entry. */
const choices: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a, b) => mul(add(a, b), 0.5),
  (a, b) => mul(sub(a, b), 0.5),
  (a, b) => mul(a, b),
  (a, b) => maximum(a, b),
  (a) => relu(a),
  (a) => sin(mul(a, 3)),
  (a) => tanh(mul(a, 2)),
  (a) => exp(neg(abs(a))),
  (a) => sigmoid(mul(a, 4)),
];

/** One layer: what it does, with which earlier vector, and how far that one is turned; fractions of what there is. */
interface Layer {
  readonly choice: number;
  readonly earlier: number;
  readonly turn: number;
}

const description =
  "The mean of n numbers that went through 24 random layers (add, sub, mul, maximum, relu, sin, tanh, exp, sigmoid), each of them on all n; gradient for the n numbers.";

export const random: ProgramSource = { name: "random", description, sweeps: "length of the vector", build };

function build(options: ProgramOptions): BuiltProgram {
  checkSettings("random", options, ["inputs"]);
  const { seed, dtype } = options;
  const inputs = sizeOf("random", "inputs", options.inputs ?? 1000);
  const [forData, forLayers] = split(key(seed));
  const layers = layersFrom(forLayers);
  return {
    name: "random",
    description,
    parameters: { inputs, layers: depth, seed, dtype },
    f: (x: Tensor) => run(layers, x),
    args: [uniformBetween(forData, [inputs], [-1, 1], dtype)],
    wrt: 0,
  };
}

function layersFrom(from: Tensor): Layer[] {
  return split(from, depth).map((one) => {
    const [choice, earlier, turn] = randomUniform(one, [3]).data as unknown as [number, number, number];
    return { choice, earlier, turn };
  });
}

function run(layers: readonly Layer[], x: Tensor): Tensor {
  const vectors = [x];
  for (const { choice, earlier, turn } of layers) {
    const other = turned(pick(vectors, earlier), turn);
    vectors.push(pick(choices, choice)(vectors.at(-1) as Tensor, other));
  }
  return mean(vectors.at(-1) as Tensor);
}

/** The entries from somewhere on, then those before: never in the old order, unless there is but one. */
function turned(x: Tensor, turn: number): Tensor {
  const n = x.shape[0] as number;
  const by = n === 1 ? 0 : 1 + Math.floor(turn * (n - 1));
  return concatenate([slice(x, [by], [n]), slice(x, [0], [by])]);
}

const pick = <T>(list: readonly T[], fraction: number): T => list[Math.floor(fraction * list.length)] as T;

/** A product of matrices with a kink behind it. */
import { key, matmul as product, relu, split, sum, type Tensor } from "@nonsmooth/ad-core";
import { uniformBetween } from "./draws.ts";
import { checkSettings, sizeOf } from "./settings.ts";
import type { BuiltProgram, ProgramOptions, ProgramSource } from "./types.ts";

const description = "The sum of relu(A B) for two matrices of n rows and columns; gradient for both, 2 n² numbers.";

export const matmul: ProgramSource = { name: "matmul", description, sweeps: "rows and columns of each matrix", build };

function build(options: ProgramOptions): BuiltProgram {
  checkSettings("matmul", options, ["inputs"]);
  const { seed, dtype } = options;
  const inputs = sizeOf("matmul", "inputs", options.inputs ?? 32);
  return {
    name: "matmul",
    description,
    parameters: { inputs, seed, dtype },
    f: (a: Tensor, b: Tensor) => sum(relu(product(a, b))),
    args: split(key(seed)).map((from) => uniformBetween(from, [inputs, inputs], [-1, 1], dtype)),
    wrt: [0, 1],
  };
}

/** The function of Rosenbrock, chained. */
import { add, key, mul, slice, square, sub, sum, type Tensor } from "@nonsmooth/ad-core";
import { uniformBetween } from "./draws.ts";
import { checkSettings, sizeOf } from "./settings.ts";
import type { BuiltProgram, ProgramOptions, ProgramSource } from "./types.ts";

const description =
  "The chained function of Rosenbrock, the sum of 100 (y - x²)² + (1 - x)² over neighbours x, y among n numbers; gradient for all of them.";

export const rosenbrock: ProgramSource = { name: "rosenbrock", description, sweeps: "number of variables", build };

function build(options: ProgramOptions): BuiltProgram {
  checkSettings("rosenbrock", options, ["inputs"]);
  const { seed, dtype } = options;
  const inputs = sizeOf("rosenbrock", "inputs", options.inputs ?? 100, 2);
  return {
    name: "rosenbrock",
    description,
    parameters: { inputs, seed, dtype },
    f: valley,
    args: [uniformBetween(key(seed), [inputs], [-2, 2], dtype)],
    wrt: 0,
  };
}

function valley(x: Tensor): Tensor {
  const n = x.shape[0] as number;
  const [here, next] = [slice(x, [0], [n - 1]), slice(x, [1], [n])];
  return sum(add(mul(square(sub(next, square(here))), 100), square(sub(1, here))));
}

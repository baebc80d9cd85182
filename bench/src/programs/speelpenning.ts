/** The product of Speelpenning. */
import { key, prod, type Tensor } from "@nonsmooth/ad-core";
import { uniformBetween } from "./draws.ts";
import { checkSettings, sizeOf } from "./settings.ts";
import type { BuiltProgram, ProgramOptions, ProgramSource } from "./types.ts";

const description = "The product of n numbers near 1, the example of Speelpenning; gradient for all of them.";

export const speelpenning: ProgramSource = { name: "speelpenning", description, sweeps: "number of factors", build };

function build(options: ProgramOptions): BuiltProgram {
  checkSettings("speelpenning", options, ["inputs"]);
  const { seed, dtype } = options;
  const inputs = sizeOf("speelpenning", "inputs", options.inputs ?? 100);
  // So near 1 that the product stays between 1/3 and 3, however many factors there are.
  const spread = 1 / Math.max(2, inputs);
  return {
    name: "speelpenning",
    description,
    parameters: { inputs, seed, dtype },
    f: (x: Tensor) => prod(x),
    args: [uniformBetween(key(seed), [inputs], [1 - spread, 1 + spread], dtype)],
    wrt: 0,
  };
}

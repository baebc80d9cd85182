/** `nonsmooth summary`: the layers of a model, with shapes, parameters and work. */
import { type Summary, summary } from "@nonsmooth/nets";
import { Command } from "commander";
import { modelNames, modelOf, usualForm } from "../training/models.ts";
import { whole } from "./costText.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";

/** The command. */
export function build(output: Output): Command {
  return new Command("summary")
    .description("The layers of a model: output shapes, parameters, multiply-accumulates; nothing is computed.")
    .argument("<model>", modelNames.join(", "))
    .option("--batch-norm", "the model with batch norm")
    .option("--json", "print one JSON object")
    .action((name: string, { batchNorm, json }: { batchNorm?: true; json?: true }) => {
      const plan = { model: name, batchNorm: batchNorm === true, sizes: {}, activation: null, pool: null };
      const model = modelOf(plan, usualForm(name));
      const found = summary(model);
      output.write(json ? `${JSON.stringify({ schema: "nonsmooth.summary/1", ...found })}\n` : asText(name, found));
    });
}

const shapeText = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

function asText(name: string, { inputShape, outputShape, rows, parameters, macs }: Summary): string {
  const head = ["layer", "kind", "output", "parameters", "MACs"];
  const cells = rows.map((row) => [
    row.path === "" ? "-" : row.path,
    row.kind,
    shapeText(row.outputShape),
    whole(row.parameters),
    whole(row.macs),
  ]);
  return [
    `${name}: ${shapeText(inputShape)} to ${shapeText(outputShape)}`,
    "",
    ...table([head, ...cells, ["in all", "", "", whole(parameters), whole(macs)]], 2).map((line) => `  ${line}`),
    "",
    "MACs: multiply-accumulates of convolutions and matrix products for one sample; one is a product and an addition",
    "",
  ].join("\n");
}

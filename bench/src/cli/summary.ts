/** `nonsmooth summary`: the layers of a model, with shapes, parameters and work. */
import { type Summary, summary } from "@nonsmooth/nets";
import { Command, Option } from "commander";
import type { DataForm } from "../training/modelPlan.ts";
import { modelForms, modelOf, usualForm } from "../training/models.ts";
import { loadNetwork, modelLabel } from "../training/userNetwork.ts";
import { whole } from "./costText.ts";
import { imageShape } from "./options.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";

interface SummaryOptions {
  readonly batchNorm?: true;
  readonly images?: { readonly channels: number; readonly height: number; readonly width: number };
  readonly json?: true;
}

/** The command. */
export function build(output: Output): Command {
  return new Command("summary")
    .description("The layers of a model: output shapes, parameters, multiply-accumulates; nothing is computed.")
    .argument("<model>", modelForms)
    .option("--batch-norm", "the model with batch norm")
    .addOption(
      new Option("--images <shape>", "channels,height,width; those that the model is usually shown").argParser(
        imageShape,
      ),
    )
    .option("--json", "print one JSON object")
    .action((name: string, options: SummaryOptions) => run(output, name, options));
}

async function run(output: Output, name: string, { batchNorm, images, json }: SummaryOptions): Promise<void> {
  const plan = { model: name, batchNorm: batchNorm === true, sizes: {}, activation: null, pool: null };
  const form: DataForm = images === undefined ? usualForm(name) : { kind: "images", ...images, classes: 10 };
  const model = modelOf(plan, form, await loadNetwork(plan));
  const found = images === undefined ? summary(model) : summary(model, [images.channels, images.height, images.width]);
  const printed = { schema: "nonsmooth.summary/1", ...found };
  output.write(json ? `${JSON.stringify(printed)}\n` : asText(modelLabel(name), found));
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

/** The kinds of jobs of all studies. A new kind is a file and a line here. */
import { fileURLToPath } from "node:url";
import { type Kinds, kindsOf } from "../sweeps/kinds.ts";
import { gradientDifference } from "./gradientDifference/job.ts";
import { training } from "./training/job.ts";
import { divergenceKind } from "./zones/divergenceJob.ts";
import { programZonesKind } from "./zones/programJob.ts";
import { zonesKind } from "./zones/zonesJob.ts";

/** A thread runs compiled code, also when this file does not. */
const worker = fileURLToPath(new URL("../../dist/studies/worker.js", import.meta.url));

export const kinds: Kinds = kindsOf(
  [gradientDifference, training, zonesKind, programZonesKind, divergenceKind],
  worker,
);

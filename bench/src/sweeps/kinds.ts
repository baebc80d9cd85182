/** The kinds of jobs. A new kind is a file and a line here. */
import { AdError } from "@nonsmooth/ad-core";
import { divergenceKind } from "../zones/divergenceJob.ts";
import { programZonesKind } from "../zones/programJob.ts";
import { zonesKind } from "../zones/zonesJob.ts";
import { gradientDifference } from "./gradientDifference.ts";
import type { JobKind } from "./job.ts";
import { training } from "./training.ts";

const jobKinds: readonly JobKind[] = [gradientDifference, training, zonesKind, programZonesKind, divergenceKind];

/**
 * The kind with a name.
 *
 * @throws AdError "missing" when there is none
 */
export function kindOf(name: string): JobKind {
  const found = jobKinds.find((kind) => kind.name === name);
  if (found !== undefined) return found;
  const expected = `one of ${jobKinds.map((kind) => kind.name).join(", ")}`;
  const [problem, remedy] = ["no job has this kind", "correct the manifest, or use a version that has this kind"];
  throw new AdError({ code: "missing", where: "sweep", problem, expected, got: name, remedy });
}

/** The results of the study of zones, mini-batch by mini-batch, and what they are called. */

import { distinct } from "../../../report/statistics.ts";
import type { Collected } from "../../../sweeps/sweepFolder.ts";
import type { Format } from "../../../training/formats.ts";
import { modelLabel } from "../../../training/userNetwork.ts";
import type { Setting } from "../network.ts";
import type { ZonesParameters } from "../parameters.ts";
import { pairs } from "../plan.ts";
import type { ProgramZonesParameters } from "../programJob.ts";
import type { Draw, Zones } from "../zonesJob.ts";

/** What a job compared and found; of a program, its points are mini-batches. */
export interface ZonesRow
  extends Pick<ZonesParameters, "network" | "width" | "depth" | "batchNorm" | "weights" | "format" | "one" | "other"> {
  /** Where it is not wasm. */
  readonly machine?: string | null;
  /** Null for a program. */
  readonly batch: number | null;
  /** What the mini-batches are made of, in words. */
  readonly samples: string;
  readonly found: Zones;
}

/** The jobs of the study among what was collected. */
export const rowsOf = (results: readonly Collected[]): ZonesRow[] =>
  results.flatMap(({ kind, parameters, result }) => {
    const found = result as unknown as Zones;
    if (kind === "zones") return [networkRow(parameters as unknown as ZonesParameters, found)];
    return kind === "program-zones" ? [programRow(parameters as unknown as ProgramZonesParameters, found)] : [];
  });

const networkRow = ({ data, images, ...of }: ZonesParameters, found: Zones): ZonesRow => ({
  ...of,
  ...{ samples: `${data}, ${images} images`, found },
});

function programRow({ program, radius, inputs, ...of }: ProgramZonesParameters, found: Zones): ZonesRow {
  const network = `${modelLabel(program)}${inputs === null ? "" : `, ${inputs} inputs`}`;
  const none = { width: null, depth: null, batchNorm: false, weights: "default", batch: null } as const;
  return { ...of, ...none, network, samples: `points of ${network} within ${radius} of its own`, found };
}

/** Where mini-batches come from, in words. */
export const samplesOf = (rows: readonly ZonesRow[]): string => distinct(rows.map(({ samples }) => samples)).join("; ");

/** What is compared, in words. */
export function pairName({ one, other }: Pick<ZonesParameters, "one" | "other">): string {
  const known = Object.entries(pairs).find(([, pair]) => pair.one === one && pair.other === other);
  const names: Readonly<Record<string, string>> = {
    ...{ maxpool: "native, minimal", relu: "ReLU'(0) = 0, 1", order: "order of sums" },
  };
  return (known && names[known[0]]) ?? `${one || "as it is"}, ${other || "as it is"}`;
}

/** What a network is called by. */
type Named = Pick<Setting, "network" | "width" | "depth" | "batchNorm"> & { readonly machine?: string | null };

/** A network with its sizes, such as `mlp 3 x 256`. */
export function networkName({ network, width, depth, batchNorm, machine }: Named): string {
  const sizes = depth === null ? (width === null ? "" : ` ${width} wide`) : ` ${depth} x ${width ?? "usual"}`;
  return `${modelLabel(network)}${sizes}${batchNorm ? " with batch norm" : ""}${machine ? ` on ${machine}` : ""}`;
}

/** The network, and the size of its mini-batches where it is not the usual one. */
export const labelOf = (row: ZonesRow): string =>
  `${networkName(row)}${row.batch === null || row.batch === usualBatch ? "" : `, batch ${row.batch}`}`;

/** That of the published tables. */
export const usualBatch = 128;

/** Published thresholds on the sum of largest differences; those of 16 bits for all that computes in them. */
export const thresholds: Readonly<Record<Format, number>> = {
  f64: 1e-15,
  f32: 1e-7,
  bf16: 1e-3,
  f16: 1e-3,
  mixed: 1e-3,
};

/** How mini-batches of several jobs fare. */
export interface Volume {
  readonly batches: number;
  /** Gradients differ in some bit. */
  readonly differing: number;
  /** The sum of largest differences is above the published threshold, or not a number. */
  readonly above: number;
  readonly draws: number;
  /** Draws of weights with a mini-batch whose gradients differ. */
  readonly differingDraws: number;
}

/** Adds up. */
export function volumeOf(rows: readonly ZonesRow[]): Volume {
  const draws = rows.flatMap(({ found, format }) => found.draws.map((draw) => ({ ...draw, format })));
  const sum = (of: (draw: Draw & { format: Format }) => number): number =>
    draws.reduce((total, draw) => total + of(draw), 0);
  return {
    batches: sum(({ batches }) => batches),
    differing: sum(({ differing }) => differing),
    above: sum(({ dInf, format }) => dInf.filter((value) => value === null || value > thresholds[format]).length),
    draws: draws.length,
    differingDraws: sum(({ differing }) => (differing > 0 ? 1 : 0)),
  };
}

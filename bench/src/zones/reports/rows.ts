/** The results of the study of zones, mini-batch by mini-batch, and what they are called. */
import type { Collected } from "../../sweeps/sweepFolder.ts";
import { modelLabel } from "../../training/userNetwork.ts";
import type { Format, Setting } from "../network.ts";
import type { ZonesParameters } from "../parameters.ts";
import { pairs } from "../plan.ts";
import type { ProgramZonesParameters } from "../programJob.ts";
import type { Draw, Zones } from "../zonesJob.ts";

/** One job with its parameters. */
export interface ZonesRow extends Omit<ZonesParameters, "data"> {
  readonly data: string;
  readonly found: Zones;
}

/** The jobs of the study among what was collected. */
export const rowsOf = (results: readonly Collected[]): ZonesRow[] =>
  results.flatMap(({ kind, parameters, result }) => {
    const found = result as unknown as Zones;
    if (kind === "zones") return [{ ...(parameters as unknown as ZonesParameters), found }];
    return kind === "program-zones" ? [programRow(parameters as unknown as ProgramZonesParameters, found)] : [];
  });

/** A program is shown as a network whose mini-batches are its points. */
function programRow({ program, radius, inputs, ...of }: ProgramZonesParameters, found: Zones): ZonesRow {
  const name = `${modelLabel(program)}${inputs === null ? "" : `, ${inputs} inputs`}, within ${radius}`;
  const network = {
    network: name,
    networkSha256: of.programSha256,
    width: null,
    depth: null,
    batchNorm: false,
  } as const;
  const rest = { weights: "default", data: "its own arguments", images: of.draws, batch: 128, census: 0 } as const;
  return { ...of, ...network, ...rest, untilFirst: false, found };
}

/** What is compared, in words. */
export function pairName({ one, other }: Pick<ZonesParameters, "one" | "other">): string {
  const known = Object.entries(pairs).find(([, pair]) => pair.one === one && pair.other === other);
  const names: Readonly<Record<string, string>> = {
    ...{ maxpool: "native, minimal", relu: "ReLU'(0) = 0, 1", order: "order of sums" },
  };
  return (known && names[known[0]]) ?? `${one || "as it is"}, ${other || "as it is"}`;
}

/** A network with its sizes, such as `mlp 3 x 256`. */
export function networkName({ network, width, depth, batchNorm }: Omit<Setting, "data">): string {
  const sizes = depth === null ? (width === null ? "" : ` ${width} wide`) : ` ${depth} x ${width ?? "usual"}`;
  return `${modelLabel(network)}${sizes}${batchNorm ? " with batch norm" : ""}`;
}

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

/** The sweeps of the study of zones: which jobs answer which question. */
import type { ImageDataName } from "../../data/catalogue.ts";
import { crossed } from "../../sweeps/crossed.ts";
import type { Parameters } from "../../sweeps/job.ts";
import { type Manifest, manifestOf } from "../../sweeps/manifest.ts";
import { type Format, formats } from "../../training/formats.ts";
import type { GpuName } from "../../training/gpuMachine.ts";
import type { Setting } from "./network.ts";
import { sideOf } from "./sides.ts";

/** What is compared: native and minimal max-pooling, and ReLU'(0) = 0 and 1, as published; and two orders of one sum. */
export const pairs = {
  maxpool: { one: "pool=max", other: "pool=minimal" },
  relu: { one: "activation=relu:0", other: "activation=relu:1" },
  order: { one: "shuffled=1", other: "shuffled=2" },
} as const;

/** Two sides as texts. */
export interface Pair {
  readonly one: string;
  readonly other: string;
}

/** A network by name, or by the path of a file and the SHA-256 of its contents. */
export interface NamedNetwork {
  readonly network: string;
  readonly networkSha256: string | null;
}

/** One that is known by name. */
const byName = (network: string): NamedNetwork => ({ network, networkSha256: null });

/** Everything that may be asked for; what is a list is crossed with all other lists. */
export interface ZonesRequest {
  readonly networks: readonly NamedNetwork[];
  readonly widths: readonly (number | null)[];
  readonly depths: readonly (number | null)[];
  readonly batches: readonly number[];
  readonly batchNorms: readonly boolean[];
  readonly formats: readonly Format[];
  readonly weights: Setting["weights"];
  readonly data: ImageDataName;
  readonly images: number;
  readonly pairs: readonly Pair[];
  readonly seed: number;
  readonly draws: number;
  readonly census: number;
  /** What computes, where it is not wasm. */
  readonly machine?: GpuName;
}

/** Jobs are at most so many draws long, so that all cores have work and a stop loses little. */
const drawsOfJob = 10;

type Changes = Partial<ZonesRequest>;

function jobsOf(request: ZonesRequest, untilFirst: boolean): Parameters[] {
  const { networks, widths, depths, batches, batchNorms, formats: asked, pairs: compared } = request;
  const { weights, data, images, machine } = request;
  const on = machine === undefined ? {} : { machine };
  const some = crossed({
    ...{ network: networks, width: widths, depth: depths, batch: batches },
    ...{ batchNorm: batchNorms, format: asked, pair: compared },
  });
  return some.flatMap(({ network, pair, ...sizes }) =>
    inBlocks({ weights, data, images, ...sizes, ...network, ...pair, ...on }, untilFirst, request),
  );
}

function inBlocks(of: Parameters, untilFirst: boolean, { seed, draws, census }: ZonesRequest): Parameters[] {
  return Array.from({ length: Math.ceil(draws / drawsOfJob) }, (_, i) => ({
    ...{ ...of, untilFirst, census, seed: seed + i * drawsOfJob },
    draws: Math.min(drawsOfJob, draws - i * drawsOfJob),
  }));
}

/** A manifest of jobs; one that several questions ask for is made once. */
function planned(study: string, jobs: readonly Parameters[], request: ZonesRequest): Manifest {
  for (const { one, other } of request.pairs) for (const side of [one, other]) sideOf(side);
  const kept = new Map(jobs.map((parameters) => [JSON.stringify(parameters), { kind: "zones", parameters }]));
  return manifestOf(study, [...kept.values()], settingsOf(request));
}

/** A request as a manifest keeps it. */
const settingsOf = (request: object): Manifest["settings"] =>
  JSON.parse(JSON.stringify(request)) as Manifest["settings"];

/** The volume of the zones: one question. */
export const volumePlan = (request: ZonesRequest, untilFirst: boolean): Manifest =>
  planned("zones-volume", jobsOf(request, untilFirst), request);

/**
 * The questions of the published tables at a size for two cores: perceptrons by depth, width and size of the mini-batches,
 * for ReLU'(0), with draws that end at their first difference; LeNet-5 for max-pooling with what stands behind differences,
 * for ReLU'(0), and for the order of sums alone. All in the formats that are asked for.
 */
export function usualVolumePlan(base: ZonesRequest): Manifest {
  const part = (divisor: number): number => Math.ceil(base.draws / divisor);
  const perceptron: Changes = { networks: [byName("mlp")], pairs: [pairs.relu], census: 0, batches: [128] };
  const usual: Changes = { ...perceptron, widths: [256], depths: [3] };
  const leNet: Changes = {
    networks: [byName("lenet5")],
    widths: [null],
    depths: [null],
    batches: [128],
    draws: part(50),
  };
  const pool: Changes = { ...leNet, pairs: [pairs.maxpool] };
  const questions: readonly [Changes, boolean][] = [
    ...byFormat(base.draws, part(10), { ...perceptron, widths: [256], depths: [1, 2, 3, 6] }),
    ...byFormat(base.draws, part(10), { ...perceptron, widths: [16, 64], depths: [3] }),
    ...byFormat(part(2), part(40), { ...perceptron, widths: [1024], depths: [3] }),
    [{ ...usual, formats: ["bf16", "mixed"], draws: part(10) }, true],
    [{ ...usual, batches: [16, 1024], formats: ["f32"] }, true],
    [{ ...pool, formats }, false],
    [{ ...pool, batches: [32, 512], formats: ["f32"] }, false],
    [{ ...pool, batchNorms: [true], formats: ["f64", "f32", "f16"] }, false],
    [{ ...leNet, pairs: [pairs.order], formats, census: 0 }, false],
    [{ ...leNet, pairs: [pairs.relu], formats, draws: part(20) }, true],
  ];
  const jobs = questions.flatMap(([changes, untilFirst]) => jobsOf({ ...base, ...changes }, untilFirst));
  const asked = jobs.filter(({ format }) => base.formats.includes(format as Format));
  return planned("zones-volume", asked, base);
}

/** 64 and 16 bits need fewer draws: nothing happens, or always something. */
const byFormat = (draws: number, few: number, changes: Changes): [Changes, boolean][] => [
  [{ ...changes, formats: ["f32"], draws }, true],
  [{ ...changes, formats: ["f64", "f16"], draws: few }, true],
];

/** A program in place of networks: points around its own arguments. */
export interface ProgramRequest extends Pick<ZonesRequest, "formats" | "pairs" | "seed" | "draws" | "machine"> {
  readonly program: string;
  readonly programSha256: string | null;
  readonly inputs: number | null;
  readonly radius: number;
}

/** The volume of a program's zones. */
export function programPlan(request: ProgramRequest): Manifest {
  const { program, programSha256, inputs, radius, formats: asked, pairs: compared, seed, draws } = request;
  const on = request.machine === undefined ? {} : { machine: request.machine };
  const jobs = asked
    .filter((format) => format !== "mixed")
    .flatMap((format) =>
      compared.flatMap((pair) =>
        Array.from({ length: Math.ceil(draws / pointsOfJob) }, (_, i) => ({
          ...{ program, programSha256, inputs, radius, format, ...pair, ...on, seed: seed + i * pointsOfJob },
          draws: Math.min(pointsOfJob, draws - i * pointsOfJob),
        })),
      ),
    );
  const kept = jobs.map((parameters) => ({ kind: "program-zones", parameters }));
  return manifestOf("zones-volume", kept, settingsOf(request));
}

/** Points take less than mini-batches. */
const pointsOfJob = 100;

/** Thresholds: whole passes over the data, and beside them what another order of sums alone makes. */
export const thresholdPlan = (request: ZonesRequest): Manifest =>
  planned("zones-threshold", jobsOf({ ...request, pairs: [...request.pairs, pairs.order] }, false), request);

/** Runs that are compared, and how long they are. */
export interface DivergenceRequest extends Omit<ZonesRequest, "draws" | "census"> {
  readonly epochs: number;
  readonly rate: number;
  readonly points: number;
}

/** Diverging runs: the published pairs of max-poolings, one program in two orders of sums, and one program twice. */
export const divergencePairs: readonly Pair[] = [
  { one: "pool=max", other: "pool=max" },
  pairs.order,
  pairs.maxpool,
  ...[100, 10000].map((beta) => ({ one: "pool=max", other: `pool=beta-coded:${beta}` })),
];

/** The sweep of diverging runs. */
export function divergencePlan(request: DivergenceRequest): Manifest {
  const { epochs, rate, points } = request;
  const jobs = jobsOf({ ...request, draws: 1, census: 0 }, false).map(
    ({ untilFirst: _untilFirst, census: _census, draws: _draws, ...of }) => ({
      ...{ kind: "divergence", parameters: { ...of, epochs, rate, points } },
    }),
  );
  return manifestOf("zones-divergence", jobs, settingsOf(request));
}

/** The jobs of a study of training, planned and checked before any of them runs. */
import type { ImageDataName } from "../../data/catalogue.ts";
import { foundIn } from "../../data/find.ts";
import { type LoadedImages, loadData } from "../../data/load.ts";
import { isFilePath } from "../../programs/userModule.ts";
import { crossed } from "../../sweeps/crossed.ts";
import type { Job } from "../../sweeps/job.ts";
import { type Manifest, manifestOf } from "../../sweeps/manifest.ts";
import { dtypesOf } from "../../training/formats.ts";
import { checkGpuFormat } from "../../training/gpuMachine.ts";
import type { ModelPlan } from "../../training/modelPlan.ts";
import { modelOf, selectOf, widthName } from "../../training/models.ts";
import { optimizerOf } from "../../training/optimizers.ts";
import type { TrainingPlan } from "../../training/plan.ts";
import { loadNetwork, type UserNetwork } from "../../training/userNetwork.ts";
import { layersOf } from "./choice.ts";
import { countsOf } from "./job.ts";
import { parametersOf } from "./parameters.ts";
import { augmentationOf, optimizerPlan, publishedAlphas, publishedBetas, publishedEpochs, rateOf } from "./protocol.ts";
import type { StudyRequest, TrainingSetting } from "./request.ts";

/** A network with its data, loaded. */
interface Loaded {
  /** As asked for: a name, or a path. */
  readonly network: string;
  readonly name: Pick<ModelPlan, "model" | "modelSha256">;
  readonly user: UserNetwork | null;
  readonly data: LoadedImages;
}

/**
 * The sweep of a request. Seeds come first, so that a sweep that is stopped has runs of every setting.
 *
 * @throws AdError "missing" for networks and data that are not there, "domain" for choices or sizes that a network has not,
 *   "dtype" for formats that the machine has not, and whatever else is wrong with a plan
 */
export async function trainingStudy(request: StudyRequest, folder: string | undefined): Promise<Manifest> {
  if (request.machine !== undefined)
    for (const format of request.formats) checkGpuFormat(request.study, "--format", format);
  const networks = await Promise.all(request.networks.map((network) => load(network, request, folder)));
  const seeds = Array.from({ length: request.seeds }, (_, i) => i + 1);
  const jobs = seeds.flatMap((seed) => networks.flatMap((loaded) => jobsOf(request, loaded, seed)));
  return manifestOf(request.study, jobs, { ...request });
}

async function load(network: string, request: StudyRequest, folder: string | undefined): Promise<Loaded> {
  const user = await loadNetwork({ model: network });
  const name = user === null ? { model: network } : { model: user.path, modelSha256: user.sha256 };
  return { network, name, user, data: loadData(request.data ?? usualData(network, folder), folder) };
}

/** Digits for small networks and for files, of MNIST where they are found; colour images for the others. */
function usualData(network: string, folder: string | undefined): ImageDataName {
  if (network !== "lenet5" && network !== "mlp" && !isFilePath(network)) return "cifar10";
  return folder !== undefined && foundIn(folder).includes("mnist") ? "mnist" : "digits";
}

function jobsOf(request: StudyRequest, loaded: Loaded, seed: number): Job[] {
  const { forms, formats, optimizers, batchNorms } = request;
  const { network, data } = loaded;
  const settings = crossed({ optimizer: optimizers, batchNorm: batchNorms, format: formats, form: forms });
  return settings.flatMap((some) => {
    const setting: TrainingSetting = { ...some, network, data: data.name };
    return valuesOf(request, setting).map((value) => {
      const plan = planOf(request, setting, { value, seed, name: loaded.name });
      if (seed === 1) check(plan, loaded);
      return { kind: "training", parameters: parametersOf({ plan, counts: countsOf(data) }) };
    });
  });
}

const valuesOf = ({ study, values }: StudyRequest, { network, optimizer }: TrainingSetting): readonly number[] =>
  values ?? (study === "maxpool" ? publishedBetas : publishedAlphas(network, optimizer));

/** What tells the runs of a setting apart, and how its network is called in a plan. */
interface Particulars {
  readonly value: number;
  readonly seed: number;
  readonly name: Loaded["name"];
}

function planOf(request: StudyRequest, setting: TrainingSetting, { value, seed, name }: Particulars): TrainingPlan {
  const { width, weights, subset: limit, batch } = request;
  const { network, data, optimizer, batchNorm, format, form } = setting;
  return {
    ...{ ...name, batchNorm, sizes: width === null ? {} : { [widthName(network)]: width } },
    ...(weights === "volume" ? { weights } : {}),
    ...layersOf({ form, value }),
    ...{ data, limit, ...augmentationOf(data), epochs: request.epochs ?? publishedEpochs(data, optimizer) },
    ...{ batch, seed, ...dtypesOf(format), machine: request.machine ?? "wasm", shuffled: null },
    ...{ ...optimizerPlan(optimizer, format, request.rate ?? rateOf(setting).rate), schedule: "cosine-epochs" },
    ...{ warmup: 0, clipNorm: null, clipValue: null, labelSmoothing: 0, select: [], checkpointEvery: 1 },
  };
}

/** Whatever is wrong with a plan is found here, not in hundreds of jobs. */
function check(plan: TrainingPlan, { user, data }: Loaded): void {
  const [, channels, height, width] = data.train.shape;
  modelOf(plan, { kind: "images", channels, height, width, classes: data.train.classes }, user).plan([
    channels,
    height,
    width,
  ]);
  selectOf(plan, {});
  optimizerOf(plan, { epochs: plan.epochs, stepsPerEpoch: 1 });
}

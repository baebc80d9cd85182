/** The batches of a run: images or windows of a text, in an order that seed and epoch determine. */
import {
  type Augmentation,
  type Batch,
  type ImageSet,
  imageBatches,
  type TextBatch,
  type TrainingData,
  takeImages,
  textBatches,
} from "@nonsmooth/nets";
import type { LoadedImages, LoadedText } from "../data/load.ts";
import type { DataForm } from "./modelPlan.ts";
import type { TrainingPlan } from "./plan.ts";
import { checkUnused } from "./tables.ts";

/** Everything that a run is trained and tested with. */
export interface Samples extends TrainingData {
  readonly form: DataForm;
}

/** What is made once an epoch, kept for the epoch that is asked for. */
function latest<T>(make: (epoch: number) => T): (epoch: number) => T {
  let kept: { readonly epoch: number; readonly value: T } | null = null;
  return (epoch) => {
    if (kept?.epoch !== epoch) kept = { epoch, value: make(epoch) };
    return kept.value;
  };
}

const firstOf = (set: ImageSet, limit: number | null): ImageSet =>
  limit === null || limit >= set.shape[0]
    ? set
    : takeImages(
        set,
        Int32Array.from({ length: limit }, (_, i) => i),
      );

/** Images of a data set. */
export function imageSamples(plan: TrainingPlan, data: LoadedImages): Samples {
  const { batch, dtype, seed, crop, flip, limit } = plan;
  const [train, test] = [firstOf(data.train, limit), firstOf(data.test, limit)];
  const [count, channels, height, width] = train.shape;
  const form = { batch, dtype, normalization: data.normalization };
  const augmentation: Augmentation = { padding: crop, flip };
  const drawn = crop > 0 || flip ? { augmentation } : {};
  const epochOf = latest((epoch) => imageBatches(train, { ...form, ...drawn, shuffle: true, seed, epoch }));
  return {
    form: { kind: "images", channels, height, width, classes: train.classes },
    inputShape: [channels, height, width],
    stepsPerEpoch: Math.ceil(count / batch),
    batch(epoch, index) {
      const { images, labels } = epochOf(epoch).at(index);
      return { x: images, labels };
    },
    *test() {
      for (const { images, labels } of imageBatches(test, form)) yield { x: images, labels };
    },
  };
}

const usualContext = 64;

/** Windows of a text, each with the tokens that follow its own. */
export function textSamples(plan: TrainingPlan, data: LoadedText): Samples {
  checkUnused("a text", [...(plan.crop > 0 ? ["crop"] : []), ...(plan.flip ? ["flip"] : [])], []);
  const { batch, seed, limit, sizes } = plan;
  const { context: length = usualContext } = sizes;
  const [train, test] = [data.train, data.test].map((tokens) => tokens.subarray(0, limit ?? tokens.length)) as [
    Int32Array,
    Int32Array,
  ];
  const epochOf = latest((epoch) => textBatches(train, { batch, length, shuffle: true, seed, epoch }));
  const paired = ({ inputs, targets }: TextBatch): Batch => ({ x: inputs, labels: targets });
  return {
    form: { kind: "text", vocabulary: data.vocabulary.size },
    inputShape: [length],
    stepsPerEpoch: epochOf(0).length,
    batch: (epoch, index) => paired(epochOf(epoch).at(index)),
    *test() {
      for (const windows of textBatches(test, { batch, length })) yield paired(windows);
    },
  };
}

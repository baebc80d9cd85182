// Batches of images: from bytes to tensors, in an order, normalized and augmented.
import { type Data, zeros } from "@nonsmooth/ad-core";
import { type Augmentation, inPlace, type Placement, placements } from "./augmentation.ts";
import { type Batches, type BatchForm, checkedPass, rangesOf } from "./batching.ts";
import { checkReal, checkSettings } from "./checks.ts";
import { bytesOfImage, type ImageSet } from "./imageSet.ts";
import type { LabelledImages, RealDType } from "./labelledImages.ts";
import { checkNormalization, type Normalization, tablesOf, unchanged } from "./normalization.ts";
import { shuffledOrder } from "./order.ts";

/** How bytes become numbers. */
export interface TensorForm {
  /** Format of the images; `f64` when absent. */
  readonly dtype?: RealDType;
  /** Values stay in [0, 1] when absent. */
  readonly normalization?: Normalization;
}

/** Settings of {@link imageBatches}. */
export interface ImageBatchOptions extends BatchForm, TensorForm {
  /** Random crops and flips, drawn again for each epoch; none when absent. */
  readonly augmentation?: Augmentation;
}

const settings = ["batch", "lastBatch", "shuffle", "seed", "epoch", "reuse", "dtype", "normalization", "augmentation"];

/**
 * The batches of one epoch: images normalized and augmented, with their labels.
 *
 * Bytes become numbers when a batch is asked for, so that 60,000 images never stand in memory as doubles. Batch `i` is a
 * function of the set, the seed, the epoch and the settings: a run may begin at any batch. Call it outside of transforms
 * and recordings: it reads the numbers that it draws.
 *
 * With `reuse`, batches of one size share their memory: asking for the next one overwrites the last. That is safe where
 * a step ends before the next batch is asked for, and nothing keeps the tensors of a batch.
 *
 * Cost: one look-up for each value; per epoch one random number for each image that is shuffled, three if augmented.
 *
 * @param set - images in bytes
 * @param options - `batch`, `lastBatch`, `shuffle`, `seed`, `epoch`, `reuse`, `dtype`, `normalization`, `augmentation`
 * @returns batches: images `[batch, channels, height, width]`, labels `[batch]` of `i32`; the last may be smaller
 * @throws AdError "domain" when a number is out of range, a seed is missing for what is drawn, a normalization does not fit the
 *   channels, there is no such batch or a setting is unknown; "dtype" for formats without derivatives
 * @see [Bou24] the protocol
 * @example
 * const set = { shape: [3, 1, 1, 1], pixels: Uint8Array.of(0, 51, 255), labels: Int32Array.of(0, 1, 2), classes: 3 };
 * const batches = imageBatches(set, { batch: 2, normalization: { mean: [0.5], std: [0.5] } });
 * batches.length // 2
 * batches.at(0).images // [[[[-1]]], [[[-0.6]]]]
 * batches.at(1).labels // [2]
 */
export function imageBatches(set: ImageSet, options: ImageBatchOptions): Batches<LabelledImages> {
  const where = "imageBatches";
  checkSettings(where, options, settings);
  const pass = checkedPass(where, options, options.augmentation !== undefined);
  const [count] = set.shape;
  const order = options.shuffle === true ? shuffledOrder(count, pass) : Int32Array.from({ length: count }, (_, i) => i);
  const place = options.augmentation ? placements(count, options.augmentation, pass) : () => inPlace;
  const write = writer(where, set, options);
  return rangesOf(where, count, options, (start, end, buffer: LabelledImages | undefined) => {
    const batch = buffer ?? emptyBatch(set, end - start, options.dtype);
    order.subarray(start, end).forEach((image, i) => {
      write(batch, i, image, place(image));
    });
    return batch;
  });
}

/**
 * All images of a set as tensors: for small sets, and for pictures.
 *
 * @param set - images in bytes
 * @param form - `dtype`, `normalization`
 * @returns images `[count, channels, height, width]`, labels `[count]` of `i32`, and the number of classes
 * @throws AdError "domain" when a normalization does not fit the channels; "dtype" for formats without derivatives
 * @example
 * const set = { shape: [1, 1, 1, 2], pixels: Uint8Array.of(0, 255), labels: Int32Array.of(4), classes: 5 };
 * toTensors(set).images // [[[[0, 1]]]]
 */
export function toTensors(set: ImageSet, form: TensorForm = {}): LabelledImages {
  checkSettings("toTensors", form, ["dtype", "normalization"]);
  const batch = emptyBatch(set, set.shape[0], form.dtype);
  const write = writer("toTensors", set, form);
  for (let i = 0; i < set.shape[0]; i++) write(batch, i, i, inPlace);
  return batch;
}

/** Fresh tensors, which are written before anyone else sees them: `tensor` would copy every number twice. */
function emptyBatch({ shape, classes }: ImageSet, count: number, dtype: RealDType = "f64"): LabelledImages {
  const [, ...rest] = shape;
  return { images: zeros([count, ...rest], { dtype }), labels: zeros([count], { dtype: "i32" }), classes };
}

type Write = (batch: LabelledImages, position: number, image: number, placement: Placement) => void;

/** Writes image and label at a position of a batch. */
function writer(where: string, set: ImageSet, { dtype = "f64", normalization }: TensorForm): Write {
  const [, channels] = set.shape;
  const constants = normalization ?? unchanged(channels);
  checkReal(where, dtype);
  checkNormalization(where, constants, channels);
  const tables = tablesOf(constants, dtype);
  return ({ images, labels }, position, image, placement) => {
    labels.data[position] = set.labels[image] as number;
    const at = position * bytesOfImage(set.shape);
    tables.forEach((table, channel) => {
      writePlane({ set, image, channel }, placement, table, images.data, at);
    });
  };
}

interface Plane {
  readonly set: ImageSet;
  readonly image: number;
  readonly channel: number;
}

/** One channel of one image; what lies outside of it is the byte 0. */
function writePlane({ set, image, channel }: Plane, placement: Placement, table: Data, out: Data, at: number): void {
  const { down, right, isFlipped } = placement;
  const [, channels, height, width] = set.shape;
  const { pixels } = set;
  const from = (image * channels + channel) * height * width;
  const outside = table[0] as number;
  let to = at + channel * height * width;
  for (let y = down; y < down + height; y++) {
    const row = y >= 0 && y < height ? from + y * width : -1;
    for (let i = 0; i < width; i++) {
      const x = (isFlipped ? width - 1 - i : i) + right;
      const isInside = row >= 0 && x >= 0 && x < width;
      out[to++] = isInside ? (table[pixels[row + x] as number] as number) : outside;
    }
  }
}

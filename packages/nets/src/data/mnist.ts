// MNIST, and what is stored like it, from the bytes of its files.
import { AdError } from "@nonsmooth/ad-core";
import { toTensors } from "./batches.ts";
import { checkReal, checkSettings, checkWhole } from "./checks.ts";
import { fileError } from "./fileErrors.ts";
import { type IdxArray, parseIdx } from "./idx.ts";
import { checkedImages, type ImageSet } from "./imageSet.ts";
import type { LabelledImages, RealDType } from "./labelledImages.ts";

/** Settings of {@link mnistFromIdx}. */
export interface MnistOptions {
  /** The first image that is taken; 0 when absent. */
  readonly start?: number;
  /** How many images are taken; all that follow when absent. */
  readonly count?: number;
  /** Format of the images; `f64` when absent. */
  readonly dtype?: RealDType;
}

/** All data sets in this form have ten classes: digits, clothes, characters. */
const classes = 10;

/**
 * Grey images and their classes from a pair of IDX files of unsigned bytes: MNIST, Fashion-MNIST, KMNIST.
 *
 * Nothing but the labels is copied: the pixels are a view of the first file.
 *
 * @param imageBytes - a file of three axes, `[count, height, width]`, not compressed
 * @param labelBytes - a file of one axis, `[count]`, not compressed
 * @returns images `[count, 1, height, width]` in bytes, and 10 classes
 * @throws AdError as {@link parseIdx}; "data" when axes or counts do not fit, or a label is above 9
 * @see [LBBH98] MNIST, [XRV17] Fashion-MNIST, [CBKL18] KMNIST
 * @example
 * const image = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255);
 * const label = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7);
 * imagesFromIdx(image, label) // { shape: [1, 1, 1, 2], pixels: [0, 255], labels: [7], classes: 10 }
 */
export const imagesFromIdx = (imageBytes: Uint8Array, labelBytes: Uint8Array): ImageSet =>
  fromPair("imagesFromIdx", imageBytes, labelBytes);

/**
 * Grey images and their classes from a pair of IDX files, as tensors with values scaled to [0, 1].
 *
 * Only the images asked for become numbers, so that a few of a large file cost little.
 *
 * @param imageBytes - a file of three axes, `[count, height, width]`, not compressed
 * @param labelBytes - a file of one axis, `[count]`, not compressed
 * @param options - `start`, `count`, `dtype`
 * @returns images `[count, 1, height, width]` in [0, 1], labels `[count]` and 10 classes
 * @throws AdError as {@link imagesFromIdx}; "domain" when there are fewer images than asked for; "dtype" for formats
 *   without derivatives
 * @see [LBBH98] MNIST
 * @example
 * const image = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255);
 * const label = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7);
 * const { images, labels } = mnistFromIdx(image, label);
 * images // [[[[0, 1]]]]
 * labels // [7]
 */
export function mnistFromIdx(
  imageBytes: Uint8Array,
  labelBytes: Uint8Array,
  options: MnistOptions = {},
): LabelledImages {
  checkSettings("mnistFromIdx", options, ["start", "count", "dtype"]);
  const { shape, pixels, labels } = fromPair("mnistFromIdx", imageBytes, labelBytes);
  const [available, , height, width] = shape;
  const { start, end } = rangeOf(options, available);
  const taken: ImageSet = {
    shape: [end - start, 1, height, width],
    pixels: pixels.subarray(start * height * width, end * height * width),
    labels: labels.subarray(start, end),
    classes,
  };
  return toTensors(taken, { dtype: checkReal("mnistFromIdx", options.dtype ?? "f64") as RealDType });
}

function fromPair(where: string, imageBytes: Uint8Array, labelBytes: Uint8Array): ImageSet {
  const [images, labels] = [parseIdx(imageBytes), parseIdx(labelBytes)];
  const { pixels, classNumbers } = checkPair(where, images, labels);
  const [count, height, width] = images.shape as [number, number, number];
  return checkedImages(where, {
    shape: [count, 1, height, width],
    pixels,
    labels: Int32Array.from(classNumbers),
    classes,
  });
}

function checkPair(
  where: string,
  { shape, data: pixels }: IdxArray,
  { shape: [count, ...others], data: classNumbers }: IdxArray,
): { pixels: Uint8Array; classNumbers: Uint8Array } {
  const got = `[${shape.join(", ")}] and [${[count, ...others].join(", ")}]`;
  if (shape.length !== 3 || others.length !== 0) {
    const expected = "[count, height, width] and [count]";
    const remedy = "pass the images first, the labels second";
    throw fileError("data", where, "axes do not fit", [expected, got], remedy);
  }
  if (shape[0] !== count) {
    const expected = "as many labels as images";
    throw fileError("data", where, "counts differ", [expected, got], "take both files from the same set");
  }
  if (pixels instanceof Uint8Array && classNumbers instanceof Uint8Array) return { pixels, classNumbers };
  throw fileError(
    "data",
    where,
    "elements are no bytes",
    ["type 08 in both", "another type"],
    "check which file it is",
  );
}

/** The images asked for, which must exist. */
function rangeOf(options: MnistOptions, available: number): { start: number; end: number } {
  const start = checkWhole("mnistFromIdx", "start", options.start ?? 0, 0);
  const count = checkWhole("mnistFromIdx", "count", options.count ?? Math.max(0, available - start), 0);
  if (start + count <= available) return { start, end: start + count };
  throw new AdError({
    code: "domain",
    where: "mnistFromIdx",
    problem: "not enough images",
    expected: `at most ${available}`,
    got: `${count} from ${start} on`,
    remedy: "ask for fewer",
  });
}

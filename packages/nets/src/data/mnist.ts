// MNIST, and what is stored like it, from the bytes of its files.
import { AdError, tensor } from "@nonsmooth/ad-core";
import { checkReal, checkSettings, checkWhole } from "./checks.ts";
import { type IdxArray, parseIdx } from "./idx.ts";
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

const classes = 10;

function refuse(problem: string, expected: string, got: string, remedy: string): AdError {
  return new AdError({ code: "data", where: "mnistFromIdx", problem, expected, got, remedy });
}

/**
 * Grey images and their classes from a pair of IDX files: MNIST, Fashion-MNIST, KMNIST. Values are scaled to [0, 1].
 *
 * Only the images asked for become numbers, so that a few of a large file cost little.
 *
 * @param imageBytes - a file of three axes, `[count, height, width]`, not compressed
 * @param labelBytes - a file of one axis, `[count]`, not compressed
 * @param options - `start`, `count`, `dtype`
 * @returns images `[count, 1, height, width]` in [0, 1], labels `[count]` and 10 classes
 * @throws AdError as {@link parseIdx}; "data" when axes or counts do not fit, or a label is above 9; "domain" when there
 *   are fewer images than asked for; "dtype" for formats without derivatives
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
  const [images, labels] = [parseIdx(imageBytes), parseIdx(labelBytes)];
  checkPair(images, labels);
  const [available, height, width] = images.shape as [number, number, number];
  const { start, end } = rangeOf(options, available);
  const pixels = images.data.subarray(start * height * width, end * height * width);
  const dtype = checkReal("mnistFromIdx", options.dtype ?? "f64");
  return {
    images: tensor(
      Float64Array.from(pixels, (byte) => byte / 255),
      { shape: [end - start, 1, height, width], dtype },
    ),
    labels: tensor(labels.data.subarray(start, end), { dtype: "i32" }),
    classes,
  };
}

function checkPair(images: IdxArray, labels: IdxArray): void {
  const got = `[${images.shape.join(", ")}] and [${labels.shape.join(", ")}]`;
  if (images.shape.length !== 3 || labels.shape.length !== 1) {
    throw refuse(
      "axes do not fit",
      "[count, height, width] and [count]",
      got,
      "pass the images first, the labels second",
    );
  }
  if (images.shape[0] !== labels.shape[0]) {
    throw refuse("counts differ", "as many labels as images", got, "take both files from the same set");
  }
  const odd = labels.data.findIndex((label) => label >= classes);
  if (odd === -1) return;
  throw refuse(
    "a label is out of range",
    `0 to ${classes - 1}`,
    `${labels.data[odd]} at position ${odd}`,
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

// Images and their classes as they are stored: one byte for each value, however many there are.
import { AdError } from "@nonsmooth/ad-core";
import { checkWhole } from "./checks.ts";
import { drawsFor } from "./draws.ts";
import { fileError } from "./fileErrors.ts";
import { permutation } from "./order.ts";

/** Sizes of a set of images. */
export type ImageShape = readonly [count: number, channels: number, height: number, width: number];

/** Images and the classes that they belong to, in bytes; {@link imageBatches} makes tensors of them. */
export interface ImageSet {
  /** `[count, channels, height, width]`. */
  readonly shape: ImageShape;
  /** One byte for each value, 0 to 255, in row-major order. */
  readonly pixels: Uint8Array;
  /** One class for each image, from 0 to `classes - 1`. */
  readonly labels: Int32Array;
  readonly classes: number;
}

/** Bytes of one image. */
export const bytesOfImage = ([, channels, height, width]: ImageShape): number => channels * height * width;

/** Checks that a set is whole: as many bytes and labels as its shape says, and every label a class. */
export function checkedImages(where: string, set: ImageSet): ImageSet {
  const { shape, pixels, labels, classes } = set;
  const odd = labels.findIndex((label) => label < 0 || label >= classes);
  if (odd !== -1) {
    const got = `${labels[odd]} at position ${odd}`;
    throw fileError("data", where, "a label is out of range", [`0 to ${classes - 1}`, got], "check which file it is");
  }
  if (labels.length === shape[0] && pixels.length === shape[0] * bytesOfImage(shape)) return set;
  const expected = `bytes and labels for [${shape.join(", ")}]`;
  throw fileError("data", where, "sizes differ", [expected, `${pixels.length} and ${labels.length}`], "cut both alike");
}

/**
 * Some images of a set, in the order of their numbers; a number may stand twice. Bytes are copied.
 *
 * @param set - the images
 * @param indices - whole numbers below the count of the set
 * @returns a set of as many images as indices
 * @throws AdError "domain" for an index outside of the set
 * @example
 * const set = { shape: [3, 1, 1, 1], pixels: Uint8Array.of(7, 8, 9), labels: Int32Array.of(0, 1, 0), classes: 2 };
 * takeImages(set, [2, 0]).pixels // [9, 7]
 */
export function takeImages(set: ImageSet, indices: ArrayLike<number>): ImageSet {
  const [available, ...rest] = set.shape;
  const size = bytesOfImage(set.shape);
  const pixels = new Uint8Array(indices.length * size);
  const labels = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    checkIndex(index, available);
    pixels.set(set.pixels.subarray(index * size, (index + 1) * size), i * size);
    labels[i] = set.labels[index] as number;
  }
  return { shape: [indices.length, ...rest], pixels, labels, classes: set.classes };
}

function checkIndex(index: number, available: number): void {
  if (Number.isSafeInteger(index) && index >= 0 && index < available) return;
  throw new AdError({
    code: "domain",
    where: "takeImages",
    problem: "no such image",
    expected: `whole numbers from 0 to ${available - 1}`,
    got: `${index}`,
    remedy: "leave it out",
  });
}

/**
 * The images of several sets, one set after the other, as the parts that CIFAR-10 comes in.
 *
 * @param sets - at least one; all of the same channels, height, width and number of classes
 * @returns one set
 * @throws AdError "data" when there is none, or they do not fit together
 * @example
 * const set = { shape: [1, 1, 1, 2], pixels: Uint8Array.of(7, 8), labels: Int32Array.of(1), classes: 2 };
 * joinImages([set, set]).pixels // [7, 8, 7, 8]
 */
export function joinImages(sets: readonly ImageSet[]): ImageSet {
  const kinds = sets.map(({ shape, classes }) => `[${shape.slice(1).join(", ")}] of ${classes} classes`);
  const [first] = sets;
  if (first === undefined || new Set(kinds).size > 1) {
    const got = kinds.join(" and ") || "none";
    throw fileError("data", "joinImages", "sets do not fit together", ["sets of one kind", got], "join what is alike");
  }
  if (sets.length === 1) return first;
  const count = sets.reduce((sum, { shape }) => sum + shape[0], 0);
  const pixels = new Uint8Array(count * bytesOfImage(first.shape));
  const labels = new Int32Array(count);
  let start = 0;
  for (const set of sets) {
    pixels.set(set.pixels, start * bytesOfImage(first.shape));
    labels.set(set.labels, start);
    start += set.shape[0];
  }
  const [, ...rest] = first.shape;
  return { shape: [count, ...rest], pixels, labels, classes: first.classes };
}

/** What {@link splitImages} returns. */
export interface SplitImages {
  readonly train: ImageSet;
  readonly test: ImageSet;
}

/**
 * A set in two parts, by a seeded shuffle: the same seed gives the same parts on every host.
 *
 * @param set - the images
 * @param count - how many become `train`; the rest becomes `test`
 * @param seed - a whole number from 0 to 2^53 - 1
 * @returns `train` with `count` images, and `test`
 * @throws AdError "domain" when there are fewer images, or `count` or `seed` is no such number
 * @example
 * const set = { shape: [5, 1, 1, 1], pixels: Uint8Array.of(0, 1, 2, 3, 4), labels: new Int32Array(5), classes: 1 };
 * const { train, test } = splitImages(set, 3, 7);
 * [...train.pixels, ...test.pixels] // [3, 1, 4, 2, 0]
 */
export function splitImages(set: ImageSet, count: number, seed: number): SplitImages {
  const [available] = set.shape;
  if (checkWhole("splitImages", "count", count, 0) > available) {
    const [expected, got] = [`at most ${available}`, `${count}`];
    const parts = { problem: "not enough images", expected, got, remedy: "ask for fewer" };
    throw new AdError({ code: "domain", where: "splitImages", ...parts });
  }
  const order = permutation(drawsFor("splitImages", "split", { seed, epoch: 0 }, available));
  return { train: takeImages(set, order.subarray(0, count)), test: takeImages(set, order.subarray(count)) };
}

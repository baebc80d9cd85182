// CIFAR-10 and CIFAR-100 from the bytes of their binary files.
import { checkSettings } from "./checks.ts";
import { checkNotPacked, fileError } from "./fileErrors.ts";
import { checkedImages, type ImageSet } from "./imageSet.ts";

/** Three planes of 32 by 32: red, green, blue. */
const [channels, side] = [3, 32];
const bytesOfPixels = channels * side * side;

/** The classes of CIFAR-10, by their numbers. */
export const cifar10Classes: readonly string[] = [
  ...["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
];

/**
 * Images of CIFAR-10 from a binary file: for each one a byte with its class and 3072 bytes, the red, green and blue plane.
 *
 * A file of any number of images is read, such as `data_batch_1.bin` or a part of it; join several by `joinImages`.
 *
 * @param bytes - the whole file, not compressed
 * @returns images `[count, 3, 32, 32]` in bytes, and 10 classes
 * @throws AdError "parse" when the file is compressed; "data" when it is no whole number of images or a label is above 9
 * @see [Kri09] the data
 * @example
 * imagesFromCifar10(new Uint8Array(2 * 3073)).shape // [2, 3, 32, 32]
 */
export const imagesFromCifar10 = (bytes: Uint8Array): ImageSet =>
  fromRecords("imagesFromCifar10", bytes, { labelBytes: 1, labelAt: 0, classes: 10 });

/** Settings of {@link imagesFromCifar100}. */
export interface Cifar100Options {
  /** The 100 classes or the 20 groups of them; `fine` when absent. */
  readonly labels?: "fine" | "coarse";
}

/**
 * Images of CIFAR-100 from a binary file: for each one a byte with its group, a byte with its class, and 3072 bytes, the
 * red, green and blue plane.
 *
 * @param bytes - the whole file, not compressed
 * @param options - `labels`
 * @returns images `[count, 3, 32, 32]` in bytes, and 100 classes, or 20
 * @throws AdError "parse" when the file is compressed; "data" when it is no whole number of images or a label is too high;
 *   "domain" for an unknown setting
 * @see [Kri09] the data
 * @example
 * const { shape, classes } = imagesFromCifar100(new Uint8Array(3074));
 * shape // [1, 3, 32, 32]
 * classes // 100
 */
export function imagesFromCifar100(bytes: Uint8Array, options: Cifar100Options = {}): ImageSet {
  checkSettings("imagesFromCifar100", options, ["labels"]);
  const isCoarse = options.labels === "coarse";
  const labels = isCoarse ? { labelAt: 0, classes: 20 } : { labelAt: 1, classes: 100 };
  return fromRecords("imagesFromCifar100", bytes, { labelBytes: 2, ...labels });
}

/** How the classes of an image stand before its pixels. */
interface LabelForm {
  readonly labelBytes: number;
  /** Which of these bytes is the class. */
  readonly labelAt: number;
  readonly classes: number;
}

function fromRecords(where: string, bytes: Uint8Array, { labelBytes, labelAt, classes }: LabelForm): ImageSet {
  const size = labelBytes + bytesOfPixels;
  const count = checkedCount(where, bytes, size);
  const pixels = new Uint8Array(count * bytesOfPixels);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = bytes[i * size + labelAt] as number;
    pixels.set(bytes.subarray(i * size + labelBytes, (i + 1) * size), i * bytesOfPixels);
  }
  return checkedImages(where, { shape: [count, channels, side, side], pixels, labels, classes });
}

function checkedCount(where: string, bytes: Uint8Array, size: number): number {
  checkNotPacked(where, "records of bytes", bytes);
  if (bytes.length > 0 && bytes.length % size === 0) return bytes.length / size;
  const expected = `a multiple of ${size} bytes, one image each`;
  const remedy = "fetch the file again, or check which file it is";
  const problem = "the file is truncated, or another one";
  throw fileError("data", where, problem, [expected, `${bytes.length} bytes`], remedy);
}

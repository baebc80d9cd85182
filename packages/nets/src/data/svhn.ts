// SVHN in its second format: images of 32 by 32 in a MAT-file.
import { fileError } from "./fileErrors.ts";
import { checkedImages, type ImageSet } from "./imageSet.ts";
import { type MatArray, parseMat } from "./mat.ts";
import type { Inflate } from "./matElements.ts";

const [side, channels, classes] = [32, 3, 10];
const where = "imagesFromSvhn";
const checkFile = "check which file it is";

/**
 * Colour images of house numbers from a MAT-file with `X` `[32, 32, 3, count]` and `y` `[count]`: `train_32x32.mat`,
 * `test_32x32.mat`, `extra_32x32.mat`.
 *
 * The file counts classes from 1 to 10 and means the digit 0 by 10; here a class is its digit, as in the studies.
 *
 * @param bytes - the whole file
 * @param inflate - unpacks compressed arrays, such as `inflateSync` of `node:zlib`
 * @returns images `[count, 3, 32, 32]` in bytes, and 10 classes
 * @throws AdError as {@link parseMat}; "data" when an array is missing, its shape does not fit or a label is not from 1 to 10
 * @see [NWCB11] the data
 * @example
 * imagesFromSvhn(Uint8Array.of(1, 2, 3), (packed) => packed) // AdError "parse"
 */
export function imagesFromSvhn(bytes: Uint8Array, inflate: Inflate): ImageSet {
  const arrays = parseMat(bytes, inflate);
  const [images, labels] = ["X", "y"].map((name) => arrays.get(name));
  if (images === undefined || labels === undefined) {
    const got = [...arrays.keys()].join(", ") || "none";
    throw fileError("data", where, "an array is missing", ["X and y", got], checkFile);
  }
  const count = checkedCount(images, labels);
  return checkedImages(where, {
    shape: [count, channels, side, side],
    pixels: rowMajor(images.data as Uint8Array, count * channels),
    labels: Int32Array.from(labels.data, digitOf),
    classes,
  });
}

/** Checks the shapes; returns how many images there are. MATLAB leaves out a last size of 1. */
function checkedCount({ shape, data }: MatArray, labels: MatArray): number {
  const [height, width, planes, count = 1, ...others] = shape;
  const fits = height === side && width === side && planes === channels && others.length === 0;
  if (fits && data instanceof Uint8Array && labels.data.length === count) return count;
  const got = `[${shape.join(", ")}] and [${labels.shape.join(", ")}]`;
  const expected = `bytes of [${side}, ${side}, ${channels}, count], and as many labels`;
  throw fileError("data", where, "shapes do not fit", [expected, got], checkFile);
}

function digitOf(label: number, position: number): number {
  if (Number.isInteger(label) && label >= 1 && label <= classes) return label % classes;
  const got = `${label} at position ${position}`;
  throw fileError("data", where, "a label is out of range", [`1 to ${classes}`, got], checkFile);
}

/** Planes whose columns follow each other, as planes whose rows do. */
function rowMajor(columns: Uint8Array, planes: number): Uint8Array {
  const rows = new Uint8Array(columns.length);
  for (let plane = 0; plane < planes; plane++) {
    const start = plane * side * side;
    for (let x = 0; x < side; x++) {
      for (let y = 0; y < side; y++) rows[start + y * side + x] = columns[start + x * side + y] as number;
    }
  }
  return rows;
}

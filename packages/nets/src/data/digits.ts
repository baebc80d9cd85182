// Handwritten digits made up from a seed, for when there is no file to read.
import { key, randomUniform, split, type Tensor } from "@nonsmooth/ad-core";
import { toTensors } from "./batches.ts";
import { checkReal, checkSettings, checkWhole } from "./checks.ts";
import { drawsOfHand, handFrom } from "./distortion.ts";
import { glyphs } from "./glyphs.ts";
import type { ImageSet } from "./imageSet.ts";
import type { LabelledImages, RealDType } from "./labelledImages.ts";
import { Paper, polyline } from "./pen.ts";

/** Settings of {@link digits}. */
export interface DigitsOptions {
  /** How many images, at least 1. */
  readonly count: number;
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Format of the images; `f64` when absent. */
  readonly dtype?: RealDType;
}

const size = 28;
const classes = glyphs.length;
const lines = glyphs.map((strokes) => strokes.map(polyline));

/**
 * Digits written by a seeded pen: grey images like those of MNIST, for programs that must run without a file.
 *
 * Each is a few curves, shifted, turned, sheared, stretched, bent and drawn with a pen of its own width and ink; values
 * are multiples of 1/255, and exactly 0 where no pen came. Each ten images in a row hold each digit once, in a drawn
 * order. Image `i` depends on the seed and on `i` alone, and has the same bits on every host.
 * Call it outside of transforms and recordings: it reads the numbers that it draws.
 *
 * @param options - `count`, `seed`, `dtype`
 * @returns images `[count, 1, 28, 28]` in [0, 1], labels `[count]` and 10 classes
 * @throws AdError "domain" when `count` or `seed` is no such number or a setting is unknown; "dtype" for formats without derivatives
 * @example
 * const { images, labels } = digits({ count: 10, seed: 7 });
 * images.shape // [10, 1, 28, 28]
 * labels // [0, 7, 9, 5, 4, 8, 1, 6, 3, 2]
 * mean(images) // 0.11526860744297719
 */
export function digits({ dtype = "f64", ...options }: DigitsOptions): LabelledImages {
  const checked = checkReal("digits", dtype) as RealDType;
  return toTensors(drawn("digits", options), { dtype: checked });
}

/**
 * The same digits in bytes, for {@link imageBatches}: a byte is 255 times the value that {@link digits} has.
 *
 * @param options - `count`, at least 1, and `seed`, from 0 to 2^53 - 1
 * @returns images `[count, 1, 28, 28]` in bytes, and 10 classes
 * @throws AdError "domain" when `count` or `seed` is no such number or a setting is unknown
 * @example
 * const { shape, labels } = digitImages({ count: 10, seed: 7 });
 * shape // [10, 1, 28, 28]
 * labels // [0, 7, 9, 5, 4, 8, 1, 6, 3, 2]
 */
export const digitImages = (options: Omit<DigitsOptions, "dtype">): ImageSet => drawn("digitImages", options);

function drawn(where: string, options: Omit<DigitsOptions, "dtype">): ImageSet {
  checkSettings(where, options, ["count", "seed"]);
  const count = checkWhole(where, "count", options.count, 1);
  const [forOrder, forHands] = split(key(checkWhole(where, "seed", options.seed, 0)));
  const labels = Int32Array.from(order(forOrder, count));
  const pixels = new Uint8Array(count * size * size);
  split(forHands, count).forEach((hand, i) => {
    pixels.set(written(labels[i] as number, hand), i * size * size);
  });
  return { shape: [count, 1, size, size], pixels, labels, classes };
}

/** The classes of all images: each ten of them are a shuffle of the digits. */
function order(from: Tensor, count: number): number[] {
  return split(from, Math.ceil(count / classes))
    .flatMap(shuffled)
    .slice(0, count);
}

/** The digits in the order of as many random numbers. */
function shuffled(from: Tensor): number[] {
  const { data } = randomUniform(from, [classes]);
  return Array.from(data, (_, digit) => digit).sort((a, b) => (data[a] as number) - (data[b] as number));
}

/** One digit by one hand, pixel by pixel. */
function written(digit: number, from: Tensor): Uint8Array {
  const u = randomUniform(from, [drawsOfHand + size * size]).data;
  const { place, radius, fading } = handFrom(u, size);
  const paper = new Paper(size);
  for (const line of lines[digit] as (typeof lines)[number]) {
    const placed = line.map(place);
    for (let i = 1; i < placed.length; i++) {
      paper.draw(placed[i - 1] as (typeof placed)[number], placed[i] as (typeof placed)[number], radius + 1);
    }
  }
  return Uint8Array.from({ length: size * size }, (_, pixel) => {
    const ink = paper.coverage(pixel, radius) * (1 - fading * (u[drawsOfHand + pixel] as number));
    return Math.floor(255 * ink + 0.5);
  });
}

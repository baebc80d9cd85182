// Normalization of images: which number a byte becomes in each channel.
import { AdError, type Data, tensor } from "@nonsmooth/ad-core";
import type { ImageSet } from "./imageSet.ts";
import type { RealDType } from "./labelledImages.ts";

/** Mean and standard deviation of each channel, of values in [0, 1]. */
export interface Normalization {
  readonly mean: readonly number[];
  /** Above 0. */
  readonly std: readonly number[];
}

/** The data sets that constants are kept for. */
export type NormalizedSet = "mnist" | "fashion-mnist" | "kmnist" | "digits" | "cifar10" | "cifar100" | "svhn";

/**
 * The constants of the published experiments, by data set.
 *
 * MNIST and SVHN take 1/2 and 1/2 there, and so do the sets like MNIST here. Those of CIFAR-10 divide by the mean of the
 * deviations of single images, which is less than the deviation over the whole set; they are kept as they were used. Those
 * of CIFAR-100 are the ones in common use: the studies do not name theirs.
 */
export const normalizations: Readonly<Record<NormalizedSet, Normalization>> = {
  mnist: { mean: [0.5], std: [0.5] },
  "fashion-mnist": { mean: [0.5], std: [0.5] },
  kmnist: { mean: [0.5], std: [0.5] },
  digits: { mean: [0.5], std: [0.5] },
  cifar10: { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] },
  cifar100: { mean: [0.5071, 0.4867, 0.4408], std: [0.2675, 0.2565, 0.2761] },
  svhn: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
};

/**
 * Mean and standard deviation of each channel over a whole set, of values in [0, 1].
 *
 * They come from a histogram of bytes, so sums are exact up to 2^53. Cost: one count for each byte.
 *
 * @param set - images in bytes, at least one, not all of one value
 * @returns one mean and one deviation for each channel
 * @throws AdError "domain" when a channel has no two different values: its deviation would be 0
 * @example
 * measureNormalization({ shape: [2, 1, 1, 1], pixels: Uint8Array.of(0, 255) }) // { mean: [0.5], std: [0.5] }
 */
export function measureNormalization({ shape, pixels }: Pick<ImageSet, "shape" | "pixels">): Normalization {
  const [, channels, height, width] = shape;
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  for (let i = 0; i < pixels.length; i++) {
    const histogram = counts[Math.floor(i / (height * width)) % channels] as Float64Array;
    const byte = pixels[i] as number;
    histogram[byte] = (histogram[byte] as number) + 1;
  }
  const moments = counts.map(momentsOf);
  const normalization = { mean: moments.map(({ mean }) => mean), std: moments.map(({ std }) => std) };
  checkNormalization("measureNormalization", normalization, channels);
  return normalization;
}

function momentsOf(histogram: Float64Array): { mean: number; std: number } {
  const sumOf = (term: (byte: number) => number): number =>
    histogram.reduce((sum, count, byte) => sum + count * term(byte), 0);
  const count = sumOf(() => 1);
  const mean = sumOf((byte) => byte) / count;
  const variance = sumOf((byte) => (byte - mean) * (byte - mean)) / count;
  return { mean: mean / 255, std: Math.sqrt(variance) / 255 };
}

/** Checks that there is one mean and one deviation above 0 for each channel. */
export function checkNormalization(where: string, { mean, std }: Normalization, channels: number): void {
  const isRight = [mean, std].every((list) => list.length === channels && list.every(Number.isFinite));
  if (isRight && std.every((deviation) => deviation > 0)) return;
  throw new AdError({
    code: "domain",
    where,
    problem: "a normalization does not fit",
    expected: `${channels} means, and ${channels} deviations above 0`,
    got: `[${mean.join(", ")}] and [${std.join(", ")}]`,
    remedy: "take one for this number of channels",
  });
}

/**
 * The number that each byte becomes, for each channel: `(byte / 255 - mean) / std` in double, rounded once to the dtype.
 * PyTorch rounds after each of the three steps, so its 32-bit numbers may differ in the last bit.
 */
export function tablesOf({ mean, std }: Normalization, dtype: RealDType): Data[] {
  return mean.map((centre, channel) => {
    const scale = std[channel] as number;
    const values = Float64Array.from({ length: 256 }, (_, byte) => (byte / 255 - centre) / scale);
    return tensor(values, { dtype }).data;
  });
}

/** Values in [0, 1], as they are. */
export const unchanged = (channels: number): Normalization => ({
  mean: new Array<number>(channels).fill(0),
  std: new Array<number>(channels).fill(1),
});

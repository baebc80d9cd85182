/** MNIST in a folder of data sets: where it is, and its images. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AdError } from "@nonsmooth/ad-core";
import { type LabelledImages, type MnistOptions, mnistFromIdx } from "@nonsmooth/nets";
import { unpacked } from "../data/unpack.ts";

/** A pair of files that belong together. */
export interface MnistFiles {
  readonly images: string;
  readonly labels: string;
}

/** The smaller set first: the programs here need a batch only. */
const sets = ["t10k", "train"] as const;

/**
 * The files of MNIST in a folder or in its subfolder `mnist`, gzipped or not.
 *
 * @throws AdError "missing" when no images with their labels are there
 */
export function findMnist(folder: string): MnistFiles {
  const bases = [join(folder, "mnist"), folder].flatMap((place) => sets.map((set) => join(place, set)));
  for (const base of bases) {
    const [images, labels] = [imagesOf(base), labelsOf(base)].map((names) => names.find((name) => existsSync(name)));
    if (images !== undefined && labels !== undefined) return { images, labels };
  }
  const lookedFor = bases.flatMap((base) => [...imagesOf(base), ...labelsOf(base)]);
  throw new AdError({
    code: "missing",
    where: "MNIST",
    problem: "no images with their labels in the folder of data",
    expected: `a pair of ${bases.map((base) => `${imagesOf(base)[1]} and ${labelsOf(base)[1]}`).join(", or ")}, or both with .gz`,
    got: existsSync(folder) ? `neither in ${folder}` : `no folder ${folder}`,
    remedy: "put the files there, or unset NONSMOOTH_DATA to use generated digits",
    details: { lookedFor },
  });
}

const imagesOf = (base: string): string[] => withAndWithoutGz(`${base}-images-idx3-ubyte`);
const labelsOf = (base: string): string[] => withAndWithoutGz(`${base}-labels-idx1-ubyte`);
const withAndWithoutGz = (name: string): string[] => [`${name}.gz`, name];

/** Images and labels of a pair of files. */
export const readMnist = ({ images, labels }: MnistFiles, options: MnistOptions): LabelledImages =>
  mnistFromIdx(unpacked(images), unpacked(labels), options);

/** Data sets by name, from the files of a folder. */
import { inflateSync } from "node:zlib";
import { AdError } from "@nonsmooth/ad-core";
import {
  digitImages,
  type ImageSet,
  imagesFromCifar10,
  imagesFromCifar100,
  imagesFromIdx,
  imagesFromSvhn,
  joinImages,
  type Normalization,
  normalizations,
  type SplitImages,
  splitImages,
  splitText,
  textFromBytes,
  type Vocabulary,
} from "@nonsmooth/nets";
import { type DataName, dataNames, type ImageDataName } from "./catalogue.ts";
import { type FoundFile, findData } from "./find.ts";
import { membersOf } from "./tar.ts";
import { fileProblem, unpacked } from "./unpack.ts";

/** What sets of all kinds say. */
interface Loaded {
  /** The files that were read; none for generated digits. */
  readonly files: readonly string[];
  /** What is particular about this form of the set; empty for the whole set. */
  readonly note: string;
}

/** Images to train with and to test with. */
export interface LoadedImages extends Loaded, SplitImages {
  readonly kind: "images";
  readonly name: ImageDataName;
  /** The constants of the studies. */
  readonly normalization: Normalization;
}

/** A text to train with and to test with. */
export interface LoadedText extends Loaded {
  readonly kind: "text";
  readonly name: "text";
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly vocabulary: Vocabulary;
}

/** Settings of {@link loadData}. */
export interface LoadOptions {
  /** What a token of a text is; `characters` when absent. */
  readonly level?: Vocabulary["level"];
}

/** A split that all runs share: the seed of a run must not change what it is tested with. */
const splitSeed = 1;

/** How many digits are generated: as many as the test images of MNIST. */
export const digitCounts = { train: 8000, test: 2000 } as const;

/**
 * A data set by name: its parts to train and to test with. Images stay bytes.
 *
 * @param name - one of {@link dataNames}
 * @param folder - the folder of data sets, from `dataFolder`; digits are generated and need none
 * @param options - `level`
 * @returns images or a text, and the files that they came from
 * @throws AdError "domain" for an unknown name; "missing" when there are no files; "data", "parse" or "unsupported" when files are
 *   truncated or of another form, with the path
 */
export function loadData(name: "text", folder: string | undefined, options?: LoadOptions): LoadedText;
export function loadData(name: ImageDataName, folder: string | undefined): LoadedImages;
export function loadData(name: DataName, folder: string | undefined, options?: LoadOptions): LoadedImages | LoadedText;
export function loadData(
  name: DataName,
  folder: string | undefined,
  { level = "characters" }: LoadOptions = {},
): LoadedImages | LoadedText {
  checkName(name);
  if (name === "digits") return generated();
  const { variant, train, test } = findData(name, folder);
  const files = [...new Set([...train, ...test].map(({ path }) => path))];
  const about = { files, note: variant.note };
  if (name === "text") return { kind: "text", name, ...about, ...textOf(train, level) };
  const read = reader();
  const testing = imagesOf(name, test, read);
  const parts =
    train.length > 0
      ? { train: imagesOf(name, train, read), test: testing }
      : splitImages(testing, Math.floor((testing.shape[0] * 8) / 10), splitSeed);
  return { kind: "images", name, normalization: normalizations[constantsOf(name)], ...about, ...parts };
}

function checkName(name: string): void {
  if (dataNames.includes(name as DataName)) return;
  throw new AdError({
    code: "domain",
    where: "loadData",
    problem: "no such data set",
    expected: dataNames.join(", "),
    got: `"${name}"`,
    remedy: "check the spelling",
  });
}

const constantsOf = (name: ImageDataName): Exclude<ImageDataName, "svhn-extra"> =>
  name === "svhn-extra" ? "svhn" : name;

function generated(): LoadedImages {
  const set = digitImages({ count: digitCounts.train + digitCounts.test, seed: 1 });
  const parts = splitImages(set, digitCounts.train, splitSeed);
  const normalization = normalizations.digits;
  return { kind: "images", name: "digits", files: [], note: "generated", normalization, ...parts };
}

function textOf(
  files: readonly FoundFile[],
  level: Vocabulary["level"],
): Pick<LoadedText, "train" | "test" | "vocabulary"> {
  const [file] = files as [FoundFile];
  const { tokens, vocabulary } = named(file.path, () => textFromBytes(unpacked(file.path), level));
  const { train, validation } = splitText(tokens);
  return { train, test: validation, vocabulary };
}

type Read = (file: FoundFile) => Uint8Array;

/** Bytes of files; an archive is unpacked once. */
function reader(): Read {
  const archives = new Map<string, ReadonlyMap<string, Uint8Array>>();
  return ({ name, path, isArchived }) => {
    if (!isArchived) return unpacked(path);
    const members = archives.get(path) ?? membersOf(path, unpacked(path));
    archives.set(path, members);
    const member = members.get(name);
    if (member !== undefined) return member;
    const got = [...members.keys()].join(", ") || "nothing";
    throw fileProblem(path, "lacks a file", [name, got], "fetch the file again");
  };
}

/** The images of files that belong together. */
function imagesOf(name: Exclude<ImageDataName, "digits">, files: readonly FoundFile[], read: Read): ImageSet {
  const each = (parse: (bytes: Uint8Array) => ImageSet): ImageSet =>
    joinImages(files.map((file) => named(file.path, () => parse(read(file)))));
  if (name === "cifar10") return each(imagesFromCifar10);
  if (name === "cifar100") return each((bytes) => imagesFromCifar100(bytes));
  if (name === "svhn" || name === "svhn-extra") return each((bytes) => imagesFromSvhn(bytes, inflateSync));
  const [images, labels] = files as [FoundFile, FoundFile];
  return named(`${images.path} with ${labels.path}`, () => imagesFromIdx(read(images), read(labels)));
}

/** What is wrong with bytes is wrong with a file: its path comes first. */
function named<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AdError && !error.message.includes(path)) error.message = `${path}: ${error.message}`;
    throw error;
  }
}

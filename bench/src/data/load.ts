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
import { catalogue, type DataName, dataNames, type Entry, type ImageDataName } from "./catalogue.ts";
import { type FoundData, type FoundFile, findData } from "./find.ts";
import { type Read, readerOf } from "./read.ts";

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
  /** The sums that files must have, by name; those of the catalogue when absent, and `{}` for files of one's own. */
  readonly sums?: Entry["sums"];
}

/** Settings of {@link loadData} for a text. */
export interface LoadTextOptions extends LoadOptions {
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
 * @param options - `sums`, and for a text `level`
 * @returns images or a text, and the files that they came from
 * @throws AdError "domain" for an unknown name; "missing" when there are no files; "data", "parse" or "unsupported" when files are
 *   truncated or of another form, with the path; "data" also when they can be read but their sums are wrong
 */
export function loadData(name: "text", folder: string | undefined, options?: LoadTextOptions): LoadedText;
export function loadData(name: ImageDataName, folder: string | undefined, options?: LoadOptions): LoadedImages;
export function loadData(
  name: DataName,
  folder: string | undefined,
  options?: LoadTextOptions,
): LoadedImages | LoadedText;
export function loadData(
  name: DataName,
  folder: string | undefined,
  { level = "characters", sums }: LoadTextOptions = {},
): LoadedImages | LoadedText {
  checkName(name);
  if (name === "digits") return generated();
  const found = findData(name, folder);
  const entry = catalogue[name];
  const { read, checkSums } = readerOf({ ...entry, sums: sums ?? entry.sums });
  const loaded = name === "text" ? textOf(found, read, level) : imagesIn(name, found, read);
  checkSums();
  return loaded;
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

/** Drawn once, since that takes a second. */
let drawnDigits: SplitImages | null = null;

function generated(): LoadedImages {
  const { train, test } = digitCounts;
  drawnDigits ??= splitImages(digitImages({ count: train + test, seed: 1 }), train, splitSeed);
  const normalization = normalizations.digits;
  return { kind: "images", name: "digits", files: [], note: "generated", normalization, ...drawnDigits };
}

/** Files, each once, and what is particular about them. */
const aboutOf = ({ variant, train, test }: FoundData): Loaded => ({
  files: [...new Set([...train, ...test].map(({ path }) => path))],
  note: variant.note,
});

function textOf(found: FoundData, read: Read, level: Vocabulary["level"]): LoadedText {
  const [file] = found.train as [FoundFile];
  const { tokens, vocabulary } = named(file.path, () => textFromBytes(read(file), level));
  const { train, validation } = splitText(tokens);
  return { kind: "text", name: "text", ...aboutOf(found), train, test: validation, vocabulary };
}

function imagesIn(name: Exclude<ImageDataName, "digits">, found: FoundData, read: Read): LoadedImages {
  const testing = imagesOf(name, found.test, read);
  const parts =
    found.train.length > 0
      ? { train: imagesOf(name, found.train, read), test: testing }
      : splitImages(testing, Math.floor((testing.shape[0] * 8) / 10), splitSeed);
  return { kind: "images", name, normalization: normalizations[constantsOf(name)], ...aboutOf(found), ...parts };
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

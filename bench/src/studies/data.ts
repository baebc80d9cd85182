/** Which data sets a folder has, whether they are whole, and how to get those that are missing. */
import { AdError } from "@nonsmooth/ad-core";
import { catalogue, type DataName, dataNames } from "../data/catalogue.ts";
import { type Checksum, checksumOf, worst } from "../data/checksums.ts";
import { type FoundData, type FoundFile, findData, howToGet } from "../data/find.ts";
import { digitCounts, type LoadedImages, type LoadedText, loadData } from "../data/load.ts";

/** `broken`: the files are there and cannot be read as what they should be. */
export type DataStatus = "found" | "generated" | "missing" | "broken";

/** A file of a set. */
export interface DataFile {
  readonly path: string;
  readonly checksum: Checksum;
}

/** One line of the report. */
export interface DataFinding {
  readonly name: DataName;
  readonly status: DataStatus;
  readonly files: readonly DataFile[];
  /** Of all files together; null when there are none. */
  readonly checksum: Checksum | null;
  /** How many images or tokens, of which sizes; null when they cannot be read. */
  readonly contents: DataContents | null;
  /** What is particular about this form of the set; empty for the whole set. */
  readonly note: string;
  /** What to do; empty when there is nothing to do. */
  readonly remedy: string;
}

/** What a set consists of. */
export interface DataContents {
  readonly kind: "images" | "text";
  /** Images or tokens. */
  readonly train: number;
  readonly test: number;
  /** `[channels, height, width]` of an image; empty for a text. */
  readonly shape: readonly number[];
  /** Classes, or tokens of the vocabulary. */
  readonly classes: number;
}

/**
 * All data sets, in the order of the report: the files are read, as training would read them.
 *
 * @throws AdError "missing" when a folder is named and not there
 */
export function surveyData(folder: string | undefined): DataFinding[] {
  return dataNames.map((name) => (name === "digits" ? generated() : surveyed(name, folder)));
}

/** Without making them, which takes seconds. */
function generated(): DataFinding {
  const contents = { kind: "images", ...digitCounts, shape: [1, 28, 28], classes: 10 } as const;
  return { name: "digits", status: "generated", files: [], checksum: null, contents, note: "", remedy: "" };
}

function surveyed(name: Exclude<DataName, "digits">, folder: string | undefined): DataFinding {
  const nothing = { name, files: [], checksum: null, contents: null, note: "" };
  try {
    const found = findData(name, folder);
    return contentsRead(name, folder, found);
  } catch (error) {
    if (!(error instanceof AdError) || error.code !== "missing") throw error;
    return { ...nothing, status: "missing", remedy: howToGet(name, folder) };
  }
}

/** What is wrong by its sum is reported beside what could be read of it, so that loading must not refuse it. */
function contentsRead(name: Exclude<DataName, "digits">, folder: string | undefined, found: FoundData): DataFinding {
  const files = filesOf(name, found);
  const checksum = worst(files.map((file) => file.checksum));
  const about = { name, files, checksum, note: found.variant.note };
  try {
    const contents = contentsOf(loadData(name, folder, { sums: {} }));
    const remedy = checksum === "wrong" ? `fetch again what is wrong, from ${catalogue[name].source}` : "";
    return { ...about, status: "found", contents, remedy };
  } catch (error) {
    if (!(error instanceof AdError)) throw error;
    return { ...about, status: "broken", contents: null, remedy: error.message };
  }
}

/** Each file once, an archive too. */
function filesOf(name: Exclude<DataName, "digits">, { train, test }: FoundData): DataFile[] {
  const files = new Map([...train, ...test].map((file) => [file.path, file]));
  return [...files].map(([path, file]) => ({ path, checksum: safeSum(file, name) }));
}

/** A file that cannot be unpacked has no right sum. */
function safeSum(file: FoundFile, name: Exclude<DataName, "digits">): Checksum {
  try {
    return checksumOf(file, catalogue[name]);
  } catch (error) {
    if (error instanceof AdError) return "wrong";
    throw error;
  }
}

function contentsOf(data: LoadedImages | LoadedText): DataContents {
  if (data.kind === "text") {
    const { train, test, vocabulary } = data;
    return { kind: "text", train: train.length, test: test.length, shape: [], classes: vocabulary.size };
  }
  const [[train, ...shape], [test]] = [data.train.shape, data.test.shape];
  return { kind: "images", train, test, shape, classes: data.train.classes };
}

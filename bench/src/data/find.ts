/** Where the files of a data set lie. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AdError } from "@nonsmooth/ad-core";
import { catalogue, type DataName, dataNames, type Entry, type Variant } from "./catalogue.ts";

/** A file of a set, or an archive with it. */
export interface FoundFile {
  /** As the catalogue calls it, without `.gz`. */
  readonly name: string;
  readonly path: string;
  /** Whether `path` is an archive that has the file within. */
  readonly isArchived: boolean;
}

/** A variant of a set whose files are all there. */
export interface FoundData {
  readonly variant: Variant;
  readonly train: readonly FoundFile[];
  readonly test: readonly FoundFile[];
}

/** The folder that `--data` names, or else NONSMOOTH_DATA; undefined when neither does. */
export const dataFolder = (named?: string): string | undefined => named ?? (process.env.NONSMOOTH_DATA || undefined);

/**
 * The files of a data set below a folder: the whole set before parts of it, in its subfolder before the folder itself,
 * packed or not.
 *
 * @throws AdError "missing" when there is no such folder, or no variant has all of its files
 */
export function findData(name: Exclude<DataName, "digits">, folder: string | undefined): FoundData {
  if (folder === undefined || !existsSync(folder)) throw noFolder(name, folder);
  const found = lookFor(catalogue[name], folder);
  if (found === undefined) throw notThere(name, catalogue[name], folder);
  return found;
}

/** The sets whose files are all there, by their names: nothing is read. */
export const foundIn = (folder: string): DataName[] =>
  dataNames.filter((name) => name !== "digits" && lookFor(catalogue[name], folder) !== undefined);

function lookFor(entry: Entry, folder: string): FoundData | undefined {
  for (const variant of entry.variants) {
    for (const place of placesOf(entry, folder)) {
      const [train, test] = [variant.train, variant.test].map((names) => filesIn(place, names, entry.archive));
      if (train !== undefined && test !== undefined) return { variant, train, test };
    }
  }
  return undefined;
}

const placesOf = ({ folders, archive }: Entry, folder: string): string[] => [
  ...new Set([...folders, ...(archive === undefined ? [] : [""])].map((subfolder) => join(folder, subfolder))),
];

/** All of these files, or undefined: each packed or not, or else all from the archive. */
function filesIn(place: string, names: readonly string[], archive: string | undefined): FoundFile[] | undefined {
  const found = names.flatMap((name) => {
    const path = [`${name}.gz`, name].map((file) => join(place, file)).find((file) => existsSync(file));
    return path === undefined ? [] : [{ name, path, isArchived: false }];
  });
  if (found.length === names.length) return found;
  const path = archive === undefined ? "" : join(place, archive);
  return path !== "" && existsSync(path) ? names.map((name) => ({ name, path, isArchived: true })) : undefined;
}

/** What to put where, in words. */
export function howToGet(name: Exclude<DataName, "digits">, folder = "DIR"): string {
  const { folders, variants, archive, source } = catalogue[name];
  const [{ train = [], test = [] } = {}] = variants;
  const files = archive ?? [...train, ...test].map((file) => (file.endsWith("ubyte") ? `${file}.gz` : file)).join(", ");
  return `put ${files} into ${join(folder, folders[0] as string)}; from ${source}`;
}

function noFolder(name: Exclude<DataName, "digits">, folder: string | undefined): AdError {
  const got = folder === undefined ? "no folder" : `no folder ${folder}`;
  const remedy = `name a folder by NONSMOOTH_DATA, or by the option of a command that has one, and ${howToGet(name)}`;
  const problem = "there is no folder of data";
  return new AdError({ code: "missing", where: name, problem, expected: "a folder with data sets", got, remedy });
}

function notThere(name: Exclude<DataName, "digits">, entry: Entry, folder: string): AdError {
  const wanted = entry.variants.map(({ train, test }) => [...train, ...test].join(", "));
  return new AdError({
    code: "missing",
    where: name,
    problem: "no variant of the set has all of its files in the folder of data",
    expected: `${wanted.join("; or ")}; each of them packed as .gz or not`,
    got: `none of these sets in ${placesOf(entry, folder).join(" or ")}`,
    remedy: howToGet(name, folder),
    details: { lookedFor: placesOf(entry, folder) },
  });
}

/** Bytes of the files of a set, each file read once. */
import type { AdError } from "@nonsmooth/ad-core";
import type { Entry } from "./catalogue.ts";
import { sumProblem } from "./checksums.ts";
import type { FoundFile } from "./find.ts";
import { membersOf } from "./tar.ts";
import { fileBytes, fileProblem } from "./unpack.ts";

/** The bytes of a file, unpacked. */
export type Read = (file: FoundFile) => Uint8Array;

/** Reads files, and remembers which of them are not those that are known. */
export interface Reader {
  readonly read: Read;
  /** To be called last, since what a parser says of a truncated file is more helpful. AdError "data" for a wrong sum. */
  readonly checkSums: () => void;
}

/** A reader of the files of one set. */
export function readerOf(entry: Entry): Reader {
  const problems: AdError[] = [];
  const contentOf: Read = (file) => {
    const bytes = fileBytes(file.path);
    const content = bytes.content();
    const problem = sumProblem(file, entry, bytes);
    if (problem !== undefined) problems.push(problem);
    return content;
  };
  const fromArchive = archives(contentOf);
  return {
    read: (file) => (file.isArchived ? fromArchive(file) : contentOf(file)),
    checkSums: () => {
      if (problems[0] !== undefined) throw problems[0];
    },
  };
}

/** Members of archives; each archive is read and unpacked once. */
function archives(contentOf: Read): Read {
  const known = new Map<string, ReadonlyMap<string, Uint8Array>>();
  return (file) => {
    const { name, path } = file;
    const members = known.get(path) ?? membersOf(path, contentOf(file));
    known.set(path, members);
    const member = members.get(name);
    if (member !== undefined) return member;
    const got = [...members.keys()].join(", ") || "nothing";
    throw fileProblem(path, "lacks a file", [name, got], "fetch the file again");
  };
}

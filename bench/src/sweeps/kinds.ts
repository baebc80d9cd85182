/** Kinds of jobs by name. */
import { AdError } from "@nonsmooth/ad-core";
import type { JobKind } from "./job.ts";

/** What the jobs of a sweep may be. */
export interface Kinds {
  /** The kind with a name; throws AdError "missing" when there is none. */
  readonly of: (name: string) => JobKind;
  /** The compiled module whose `runTask`, made by `taskRunner` for these kinds, runs one job on a thread. */
  readonly worker: string;
}

/** Kinds from a list. */
export function kindsOf(list: readonly JobKind[], worker: string): Kinds {
  const of = (name: string): JobKind => {
    const found = list.find((kind) => kind.name === name);
    if (found !== undefined) return found;
    const expected = `one of ${list.map((kind) => kind.name).join(", ")}`;
    const [problem, remedy] = ["no job has this kind", "correct the manifest, or use a version that has this kind"];
    throw new AdError({ code: "missing", where: "sweep", problem, expected, got: name, remedy });
  };
  return { of, worker };
}

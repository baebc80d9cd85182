/** The folder of a sweep: its manifest, a file for each result, and beside them the times and the failures. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { AdError } from "@nonsmooth/ad-core";
import { writeWhole } from "../files/writeWhole.ts";
import { canonicalJson } from "./canonicalJson.ts";
import type { Failure } from "./execute.ts";
import { idOf, type Job, type Parameters } from "./job.ts";
import { checkManifest, type Manifest } from "./manifest.ts";

/** A job that is done. */
export interface Collected {
  readonly id: string;
  readonly kind: string;
  readonly parameters: Parameters;
  readonly result: Readonly<Record<string, unknown>>;
}

/** How long a job took, and where. */
export interface Times {
  readonly seconds: number;
  readonly host: string;
  readonly node: string;
  /** Of the whole sweep. */
  readonly threads: number;
}

/** A folder that holds one sweep. Files are written whole, so it may be read at any moment. */
export class SweepFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The manifest. */
  manifest(): Manifest {
    const found = this.read(this.manifestFile);
    if (found === null) throw noSweep(this.path);
    return checkManifest(found, this.manifestFile);
  }

  /** Begins a sweep, or goes on with it. */
  begin(manifest: Manifest): void {
    const text = `${canonicalJson(checkManifest(manifest, "manifest"))}\n`;
    const found = this.read(this.manifestFile);
    if (found === null) writeWhole(this.manifestFile, text);
    else if (`${canonicalJson(found)}\n` !== text) throw anotherSweep(this.path, found as Manifest, manifest);
  }

  isDone(id: string): boolean {
    return existsSync(this.file("results", id));
  }

  /** Keeps a result, given as JSON; its times first, so that there is no result without times. */
  keep(job: Job, result: string, times: Omit<Times, "host" | "node">): void {
    const id = idOf(job);
    const { node } = process.versions;
    writeWhole(this.file("times", id), `${canonicalJson({ ...times, host: hostname(), node })}\n`);
    const { kind, parameters } = job;
    writeWhole(this.file("results", id), `${canonicalJson({ id, kind, parameters, result: JSON.parse(result) })}\n`);
    rmSync(this.file("failed", id), { force: true });
  }

  /** Keeps what a job failed with. */
  fail(job: Job, error: Failure): void {
    const [id, { kind, parameters }] = [idOf(job), job];
    writeWhole(this.file("failed", id), `${canonicalJson({ id, kind, parameters, error })}\n`);
  }

  failure(id: string): Failure | null {
    const found = this.read(this.file("failed", id)) as { readonly error: Failure } | null;
    return found === null ? null : found.error;
  }

  times(id: string): Times | null {
    return this.read(this.file("times", id)) as Times | null;
  }

  /** The line of a job that is done; null when it is not. */
  line(job: Job): string | null {
    const [id, path] = [idOf(job), this.file("results", idOf(job))];
    const found = this.read(path) as Collected | null;
    if (found === null) return null;
    if (found.id !== id || idOf(found) !== id) throw notAResult(path, "the result of this job");
    return `${canonicalJson(found)}\n`;
  }

  /** All results in the manifest's order, in one file. */
  gather(manifest: Manifest): void {
    mkdirSync(join(this.path, "results"), { recursive: true });
    writeWhole(join(this.path, "results.jsonl"), manifest.jobs.map((job) => this.line(job) ?? "").join(""));
  }

  private get manifestFile(): string {
    return join(this.path, "manifest.json");
  }

  private file(kind: "results" | "times" | "failed", id: string): string {
    return join(this.path, kind, `${id}.json`);
  }

  private read(path: string): unknown {
    if (!existsSync(path)) return null;
    try {
      return JSON.parse(readFileSync(path, "utf8"));
    } catch {
      throw notAResult(path, "JSON");
    }
  }
}

function noSweep(path: string): AdError {
  const [problem, remedy] = ["no sweep is here", "choose another folder, or begin one with --manifest FILE"];
  return new AdError({
    code: "missing",
    where: "sweep",
    problem,
    expected: `${path}/manifest.json`,
    got: "none",
    remedy,
  });
}

function anotherSweep(path: string, found: Manifest, wanted: Manifest): AdError {
  const says = ({ study, jobs }: Manifest): string => `${study} with ${jobs?.length} jobs`;
  const problem = `${path} holds another sweep`;
  const remedy = "choose another folder; a sweep whose manifest changed is another sweep";
  return new AdError({ code: "data", where: "sweep", problem, expected: says(found), got: says(wanted), remedy });
}

function notAResult(path: string, expected: string): AdError {
  const [problem, remedy] = [`${path} was changed`, "delete the file and run the sweep again"];
  return new AdError({ code: "data", where: "sweep", problem, expected, got: "something else", remedy });
}

/** The folder of a training run: its plan, its log, its checkpoint and its result. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AdError } from "@nonsmooth/ad-core";
import { type NamedTensors, readSafetensors, writeSafetensors } from "@nonsmooth/nets";
import { writeWhole } from "../files/writeWhole.ts";

/** One line of the log. */
export type LogLine = Readonly<Record<string, number | string>> & { readonly step: number };

const names = { plan: "plan.json", log: "log.jsonl", checkpoint: "checkpoint.safetensors", result: "result.json" };

/** A folder that holds one run, whole at every moment: a checkpoint is the newest one or the one before. */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  file(name: keyof typeof names): string {
    return join(this.path, names[name]);
  }

  has(name: keyof typeof names): boolean {
    return existsSync(this.file(name));
  }

  /** Begins a run in an empty folder, or one that does not exist. */
  begin(plan: object): void {
    if (this.has("plan")) {
      const [problem, expected] = [`${this.path} holds a run`, "a folder without one"];
      const remedy = "add --resume to go on with it, or choose another folder";
      throw new AdError({ code: "data", where: "train", problem, expected, got: names.plan, remedy });
    }
    mkdirSync(this.path, { recursive: true });
    writeWhole(this.file("plan"), `${JSON.stringify(plan, null, 2)}\n`);
  }

  /** Goes on with a run, which must have been begun with this plan; returns what was saved, if anything was. */
  resume(plan: object): NamedTensors | null {
    if (!this.has("plan")) {
      const [problem, expected] = ["nothing to go on with", `a run in ${this.path}`];
      throw new AdError({
        code: "missing",
        where: "train",
        problem,
        expected,
        got: "none",
        remedy: "leave --resume out",
      });
    }
    const begun: unknown = JSON.parse(readFileSync(this.file("plan"), "utf8"));
    const other = differences(begun as Plan, JSON.parse(JSON.stringify(plan)) as Plan);
    if (other.length > 0) {
      const [expected, got] = [0, 1].map((side) => other.map((one) => `${one[0]} ${one[side + 1]}`).join(", "));
      const remedy = "resume with the settings that the run was begun with";
      const problem = "the run has another plan";
      throw new AdError({ code: "data", where: "train", problem, expected: expected ?? "", got: got ?? "", remedy });
    }
    const saved = this.has("checkpoint") ? readSafetensors(readFileSync(this.file("checkpoint"))) : null;
    this.forgetAfter(Number(saved?.metadata.steps ?? 0));
    return saved;
  }

  /** Drops the lines of steps that will be made again. */
  forgetAfter(step: number): void {
    const kept = this.lines().filter((line) => line.step <= step);
    writeWhole(this.file("log"), kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }

  /** The log; a last line that was cut off is left out. */
  lines(): LogLine[] {
    if (!this.has("log")) return [];
    const text = readFileSync(this.file("log"), "utf8");
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  }

  log(line: LogLine): void {
    appendFileSync(this.file("log"), `${JSON.stringify(line)}\n`);
  }

  checkpoint({ tensors, metadata }: NamedTensors): void {
    writeWhole(this.file("checkpoint"), writeSafetensors(tensors, metadata));
  }

  /** What the run ended with; null when it has not ended. */
  result(): unknown {
    return this.has("result") ? JSON.parse(readFileSync(this.file("result"), "utf8")) : null;
  }

  finish(result: object): void {
    writeWhole(this.file("result"), `${JSON.stringify(result, null, 2)}\n`);
  }
}

type Plan = Readonly<Record<string, unknown>>;

/** The fields that differ, with both values. */
function differences(a: Plan, b: Plan): (readonly [name: string, a: string, b: string])[] {
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const text = (value: unknown): string => JSON.stringify(value) ?? "nothing";
  return fields
    .filter((name) => text(a[name]) !== text(b[name]))
    .map((name) => [name, text(a[name]), text(b[name])] as const);
}

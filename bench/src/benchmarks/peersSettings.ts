// What `npm run bench:peers` is asked for.
import { parseArgs } from "node:util";
import { AdError } from "@nonsmooth/ad-core";
import { wholeNumbers } from "../cli/options.ts";
import { stepWorkloads } from "./stepWorkloads.ts";

/** What can be measured alone: the steps beside PyTorch's, and what else there is. */
export const parts: readonly string[] = [
  ...stepWorkloads.map(({ name }) => name),
  ...["f16", "products", "jaxjs", "tfjs", "firstStep"],
];

/** The arguments, read. */
export interface PeersSettings {
  readonly parts: ReadonlySet<string>;
  readonly threads: readonly number[];
  readonly rounds: number;
  readonly isWide: boolean;
  readonly isJson: boolean;
  readonly svg: string | null;
}

/** Reads arguments: `--only PART,...`, `--threads 1,2`, `--rounds 7`, `--wide`, `--json`, `--svg FILE`. */
export function settingsOf(args: readonly string[]): PeersSettings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: parts.join(",") },
      threads: { type: "string", default: "1,2" },
      rounds: { type: "string", default: "7" },
      ...{ wide: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
      svg: { type: "string" },
    },
  });
  const [rounds = 0, ...others] = wholeNumbers(values.rounds);
  if (others.length > 0) throw bad("several numbers of rounds", "one number", values.rounds);
  return {
    ...{ parts: partsOf(values.only), threads: wholeNumbers(values.threads), rounds },
    ...{ isWide: values.wide, isJson: values.json, svg: values.svg ?? null },
  };
}

function partsOf(text: string): ReadonlySet<string> {
  const names = text.split(",");
  const unknown = names.filter((name) => !parts.includes(name));
  if (unknown.length > 0) throw bad("unknown parts", parts.join(", "), unknown.join(", "));
  return new Set(names);
}

const bad = (problem: string, expected: string, got: string): AdError =>
  new AdError({ code: "domain", where: "bench:peers", problem, expected, got, remedy: "check the spelling" });

/**
 * Training steps and matrix products on the WebAssembly machine beside other systems and their goals: `npm run bench:peers`.
 *
 * Samples of both take turns, so that what else the machine does falls on both; a ratio is the median over the rounds.
 * Arguments: `--only PART,...`, `--threads 1,2`, `--rounds 7`, `--wide`, `--json`, `--svg FILE`. Systems that are not on this
 * machine are left out, with the reason. The environment variable NONSMOOTH_PYTHON names a Python with PyTorch.
 */
import { spawnSync } from "node:child_process";
import { writeWhole } from "../files/writeWhole.ts";
import { measurePeers } from "./measurePeers.ts";
import { newerNode } from "./nodePeers.ts";
import { peersChart, peersJson, peersText } from "./peersReport.ts";
import { type PeersSettings, settingsOf } from "./peersSettings.ts";

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** The exit code of the same command on a newer Node, as `wide` needs one; null when this Node is to go on. */
function movedTo(node: string | null): number | null {
  if (node === null || node === process.execPath) return null;
  say(`--wide: going on with ${node}`);
  return spawnSync(node, process.argv.slice(1), { stdio: "inherit" }).status ?? 1;
}

/** The arguments, read; null after saying what is wrong with them. */
function readSettings(): PeersSettings | null {
  try {
    return settingsOf(process.argv.slice(2));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** The exit code after measuring all that is asked for. */
async function measured(settings: PeersSettings): Promise<number> {
  const moved = settings.isWide ? movedTo(newerNode()) : null;
  if (moved !== null) return moved;
  const report = await measurePeers(settings, say);
  if (settings.svg !== null) writeWhole(settings.svg, peersChart(report));
  console.log(settings.isJson ? peersJson(report) : peersText(report));
  return 0;
}

const asked = readSettings();
process.exitCode = asked === null ? 2 : await measured(asked);

/**
 * Checks and measures the machine on a GPU: `gpuCheck COMMAND`, with `smoke`, `products`, `steps` or `leak`.
 *
 * `--software` takes a renderer on the CPU, and small sizes; `--opengl` looks for the GPU by OpenGL; without either there must be
 * a GPU by Vulkan. `--out FILE` adds results to a file, one line of JSON each, with the adapter's name and the date; `--runs N`
 * are those of `leak`. What fails ends with exit code 1, wrong arguments with 2.
 */
import { join } from "node:path";
import type { GpuMachine } from "@nonsmooth/ad-gpu";
import { nameOf, openGpu, reportText, smoke } from "./gpu/adapter.ts";
import { measureLeak } from "./gpu/leak.ts";
import { largestError, measureProduct, type ProductFound, productSizes } from "./gpu/products.ts";
import { Results } from "./gpu/results.ts";
import { type Command, type GpuCheckSettings, settingsOf } from "./gpu/settings.ts";
import { measureSteps, type StepFound, stepTasks } from "./gpu/steps.ts";
import { leakHead, leakLine, leakText, productsText, stepsText } from "./gpu/texts.ts";
import { startTorchOnGpu } from "./gpu/torch.ts";
import type { Peer } from "./peerProcess.ts";

const say = (line: string): void => void console.log(line);
const peers = join(import.meta.dirname, "..", "..", "peers");

/** What every command works with. */
interface Check {
  readonly machine: GpuMachine;
  readonly settings: GpuCheckSettings;
  readonly results: Results;
}

/** Does something beside PyTorch, if it is here. */
async function besideTorch<T>({ settings }: Check, measure: (torch: Peer | null) => Promise<T>): Promise<T> {
  const torch = await startTorchOnGpu(settings.way, peers);
  if (!("about" in torch)) say(`${torch.name}: not measured: ${torch.why}`);
  else say(`${torch.about.name} ${torch.about.version}: ${torch.about.kernels}`);
  const peer = "about" in torch ? torch : null;
  try {
    return await measure(peer);
  } finally {
    peer?.end();
  }
}

async function runSmoke({ machine, results }: Check): Promise<boolean> {
  for (const line of reportText(machine.adapter)) say(line);
  await smoke(machine);
  say("a first product is right");
  results.add("smoke", { report: machine.adapter });
  return true;
}

async function runProducts(check: Check): Promise<boolean> {
  const { sizes, chain } = productSizes[check.settings.way];
  const found: ProductFound[] = [];
  await besideTorch(check, async (torch) => {
    for (const size of sizes) {
      const product = await measureProduct(check.machine, size, chain, torch);
      found.push(product);
      check.results.add("product", { chain, ...product });
    }
  });
  for (const line of productsText(found, chain)) say(line);
  return found.every(({ error }) => error <= largestError);
}

async function runSteps(check: Check): Promise<boolean> {
  const found: StepFound[] = [];
  await besideTorch(check, async (torch) => {
    for (const task of stepTasks[check.settings.way]) {
      const steps = await measureSteps(check.machine, task, torch);
      found.push(steps);
      check.results.add("steps", steps);
    }
  });
  for (const line of stepsText(found)) say(line);
  return found.every(({ losses: [first, last] }) => Number.isFinite(last) && last <= first);
}

async function runLeak({ machine, settings, results }: Check): Promise<boolean> {
  say(leakHead);
  const found = await measureLeak(machine, settings.runs, (mark) => say(leakLine(mark)));
  say(leakText(found));
  results.add("leak", found);
  return found.isFlat;
}

const runs: Readonly<Record<Command, (check: Check) => Promise<boolean>>> = {
  ...{ smoke: runSmoke, products: runProducts, steps: runSteps, leak: runLeak },
};

/** The arguments, read; null after saying what is wrong with them. */
function readSettings(): GpuCheckSettings | null {
  try {
    return settingsOf(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

async function checked(settings: GpuCheckSettings): Promise<number> {
  try {
    const machine = await openGpu(settings.way);
    say(`${settings.command} on ${nameOf(machine)}, ${new Date().toISOString()}`);
    const isGood = await runs[settings.command]({
      machine,
      settings,
      results: new Results(settings.out, nameOf(machine)),
    });
    machine.dispose();
    return isGood ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

const asked = readSettings();
process.exitCode = asked === null ? 2 : await checked(asked);

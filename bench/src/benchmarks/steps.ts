/**
 * Training steps on the WebAssembly machine beside PyTorch, and matrix products beside their goals: `npm run bench:peers`.
 *
 * Samples of both take turns, so that what else the machine does falls on both; a ratio is the median over the rounds.
 * Arguments: `--only NAME,...`, `--threads 1,2`, `--rounds 7`, `--json`, `--svg FILE`. The environment variable
 * NONSMOOTH_PYTHON names a Python with PyTorch; without one only our times are shown.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { type WasmMachine, wasm } from "@nonsmooth/ad-wasm";
import { wholeNumbers } from "../cli/options.ts";
import { table } from "../cli/table.ts";
import { writeWhole } from "../files/writeWhole.ts";
import { barChart } from "../plots/bars.ts";
import { median } from "../studies/timing.ts";
import { measureProduct, type ProductRow, productSizes } from "./products.ts";
import { type StepWorkload, stepWorkloads } from "./stepWorkloads.ts";
import { pythonWithTorch, type TorchAbout, TorchSteps } from "./torchSteps.ts";

interface Row {
  readonly name: string;
  readonly says: string;
  readonly threads: number;
  readonly oursMs: number;
  /** Null without PyTorch. */
  readonly peerMs: number | null;
  readonly ratio: number | null;
  readonly goal: number | null;
  readonly compileMs: number;
}

/** Milliseconds of single steps, for at least 0.2 seconds and three steps. */
function timed(step: () => void): number[] {
  const [found, end] = [[] as number[], performance.now() + 200];
  while (performance.now() < end || found.length < 3) {
    const start = performance.now();
    step();
    found.push(performance.now() - start);
  }
  return found;
}

async function rowOf(
  workload: StepWorkload,
  machine: WasmMachine,
  peer: TorchSteps | null,
  rounds: number,
): Promise<Row> {
  const begun = performance.now();
  const step = workload.step(machine);
  step();
  const compileMs = performance.now() - begun;
  timed(step);
  const [ours, theirs, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const own = median(timed(step));
    ours.push(own);
    if (peer === null) continue;
    const other = median(await peer.times(workload.name));
    theirs.push(other);
    ratios.push(own / other);
  }
  const { name, says, goals } = workload;
  const { threads } = machine;
  const [peerMs, ratio] = peer === null ? [null, null] : [median(theirs), median(ratios)];
  return { name, says, threads, oursMs: median(ours), peerMs, ratio, goal: goals[threads] ?? null, compileMs };
}

function productsText(rows: readonly ProductRow[]): string {
  const cells = rows.map(({ dtype, size, threads, gflops, goal }) => [
    ...[`${dtype} ${size} x ${size}`, `${threads}`, gflops.toFixed(1)],
    ...(Number.isNaN(goal) ? ["-", ""] : [`${goal}`, gflops >= goal ? "reached" : "missed"]),
  ]);
  return table([["matrix product", "threads", "GFLOP/s", "goal", ""], ...cells], 1).join("\n");
}

const verdict = ({ ratio, goal }: Row): string =>
  ratio === null || goal === null ? "" : ratio <= goal ? "reached" : "missed";

function asText(rows: readonly Row[]): string {
  const head = ["training step, f32", "threads", "ms", "PyTorch ms", "ratio", "goal", "", "first step ms"];
  const cells = rows.map((row) => [
    ...[row.says, `${row.threads}`, row.oursMs.toFixed(2), row.peerMs?.toFixed(2) ?? "-"],
    ...[row.ratio?.toFixed(2) ?? "-", row.goal?.toFixed(2) ?? "-", verdict(row), row.compileMs.toFixed(0)],
  ]);
  return table([head, ...cells], 1).join("\n");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      threads: { type: "string", default: "1,2" },
      rounds: { type: "string", default: "7" },
      json: { type: "boolean", default: false },
      svg: { type: "string" },
    },
  });
  const only = values.only?.split(",");
  const workloads = stepWorkloads.filter(({ name }) => only === undefined || only.includes(name));
  const python = pythonWithTorch(process.env.NONSMOOTH_PYTHON);
  if (python === null) console.error("PyTorch: not found; set NONSMOOTH_PYTHON to a Python that has it");
  const [rows, products, abouts]: [Row[], ProductRow[], TorchAbout[]] = [[], [], []];
  for (const threads of wholeNumbers(values.threads)) {
    const machine = wasm({ threads });
    const peer = python === null ? null : new TorchSteps(python, threads);
    if (peer) abouts.push(await peer.about);
    for (const workload of workloads) {
      process.stderr.write(`${workload.says}, ${threads} threads\n`);
      rows.push(await rowOf(workload, machine, peer, Number(values.rounds)));
    }
    peer?.end();
    for (const dtype of only === undefined ? (["f32", "f64"] as const) : [])
      for (const size of productSizes) products.push(measureProduct(machine, dtype, size, Number(values.rounds)));
    machine.dispose();
  }
  const [host] = [{ cpu: cpus()[0]?.model ?? "unknown", node: process.version }];
  if (values.json) console.log(JSON.stringify({ schema: "nonsmooth.peers/1", host, peers: abouts, rows, products }));
  else {
    const peers = abouts.map(({ version, kernels }) => `PyTorch ${version}, ${kernels}`);
    console.log(`${host.cpu}, Node ${host.node}; ${[...new Set(peers)].join("; ")}\n\n${asText(rows)}`);
    if (products.length > 0) console.log(`\n${productsText(products)}`);
  }
  const bars = rows.flatMap(({ says, threads, ratio, goal }) =>
    ratio === null ? [] : [{ name: `${says}, ${threads} threads`, value: ratio, mark: goal }],
  );
  if (values.svg) writeWhole(values.svg, barChart({ title: "Time of a training step over PyTorch's", bars }));
}

await main();

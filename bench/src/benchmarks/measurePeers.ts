// All measurements of the comparison, one after the other.
import { cpus } from "node:os";
import { wasm } from "@nonsmooth/ad-wasm";
import { Findings } from "./findings.ts";
import { firstStepRows } from "./firstStepRows.ts";
import { leNetRow, type SlowPeer } from "./leNetRows.ts";
import { startJaxjs, startTfjs } from "./nodePeers.ts";
import type { Peer } from "./peerProcess.ts";
import type { PeersReport } from "./peersReport.ts";
import type { PeersSettings } from "./peersSettings.ts";
import { productRows, products } from "./products.ts";
import { type Bench, halfRow, stepRows } from "./stepRows.ts";
import { stepWorkloads } from "./stepWorkloads.ts";
import { pythonWithTorch, startTorch } from "./torchSteps.ts";

/** A step takes jax-js most of a second. */
const slowJaxjs: SlowPeer = { checked: 5, mostRounds: Number.POSITIVE_INFINITY, goal: 150 };

/** And TensorFlow.js several. */
const slowTfjs: SlowPeer = { checked: 2, mostRounds: 3 };

/** Steps beside PyTorch's and in 16 bits. What a step holds does not depend on the threads, so it is said once. */
async function measureSteps(bench: Bench, { parts, threads }: PeersSettings, findings: Findings): Promise<void> {
  const workloads = stepWorkloads.filter(({ name }) => parts.has(name));
  if (workloads.length > 0) {
    const torch = findings.found(
      await startTorch(pythonWithTorch(process.env.NONSMOOTH_PYTHON), bench.machine.threads),
    );
    const says = bench.machine.threads === threads[0] ? undefined : 1;
    for (const workload of workloads)
      await findings.add(workload.says, bench.machine.threads, async () =>
        (await stepRows(workload, bench, torch)).slice(0, says),
      );
    torch?.end();
  }
  if (parts.has("f16")) await findings.add("LeNet-5 in f16", bench.machine.threads, async () => [await halfRow(bench)]);
}

/** Products, and steps beside systems that have one thread. */
async function measureOthers(bench: Bench, { parts }: PeersSettings, findings: Findings): Promise<void> {
  const isSingle = bench.machine.threads === 1;
  const wantsTfjs = isSingle && (parts.has("tfjs") || parts.has("products"));
  const tfjs = wantsTfjs ? findings.found(await startTfjs()) : null;
  for (const product of parts.has("products") ? products : []) {
    const beside = product.dtype === "f32" ? tfjs : null;
    await findings.add(`product ${product.dtype} ${product.size}`, bench.machine.threads, () =>
      productRows(product, bench, beside),
    );
  }
  if (tfjs && parts.has("tfjs")) await measureLeNet(tfjs, slowTfjs, bench, findings);
  tfjs?.end();
  const jaxjs = isSingle && parts.has("jaxjs") ? findings.found(await startJaxjs()) : null;
  if (jaxjs) await measureLeNet(jaxjs, slowJaxjs, bench, findings);
  jaxjs?.end();
}

const measureLeNet = (peer: Peer, slow: SlowPeer, bench: Bench, findings: Findings): Promise<void> =>
  findings.add(`LeNet-5 beside ${peer.about.name}`, bench.machine.threads, async () => [
    await leNetRow(bench, peer, slow),
  ]);

/** Says what cannot be measured when one thread is not asked for. */
function missSingle({ parts, threads }: PeersSettings, findings: Findings): void {
  if (threads.includes(1)) return;
  const why = "it has one thread here; add 1 to --threads";
  if (parts.has("jaxjs")) findings.miss({ name: "jax-js", why });
  if (parts.has("tfjs") || parts.has("products")) findings.miss({ name: "TensorFlow.js", why });
}

/** Measures what is asked for; `say` receives what is being done. */
export async function measurePeers(settings: PeersSettings, say: (line: string) => void): Promise<PeersReport> {
  const findings = new Findings(say);
  const { parts, rounds, isWide } = settings;
  missSingle(settings, findings);
  let wide: PeersReport["wide"] = { isAsked: isWide, isOn: false, reason: null };
  for (const threads of settings.threads) {
    const machine = wasm({ threads, wide: isWide });
    wide = { isAsked: isWide, isOn: machine.wide, reason: machine.wideReason };
    const bench: Bench = { machine, mode: machine.wide ? "wide" : "plain", rounds };
    await measureSteps(bench, settings, findings);
    await measureOthers(bench, settings, findings);
    machine.dispose();
  }
  if (parts.has("firstStep")) {
    say("first steps of fresh processes");
    findings.rows.push(...firstStepRows(isWide ? "wide" : "plain", rounds));
  }
  const { rows, peers, absent } = findings;
  return { host: { cpu: cpus()[0]?.model ?? "unknown", node: process.version }, wide, rounds, peers, absent, rows };
}

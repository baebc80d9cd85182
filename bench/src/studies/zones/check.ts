/** What can be wrong with a plan of jobs, found before any of them is made. */
import { AdError } from "@nonsmooth/ad-core";
import { dataFolder } from "../../data/find.ts";
import { type LoadedImages, loadData } from "../../data/load.ts";
import type { Manifest } from "../../sweeps/manifest.ts";
import { checkGpuFormat } from "../../training/gpuMachine.ts";
import { loadNetwork } from "../../training/userNetwork.ts";
import { batchesIn, modelFor, type Setting } from "./network.ts";
import type { ZonesRequest } from "./plan.ts";
import { sideOf } from "./sides.ts";

/** What of a request depends on the machine. */
type Asked = Pick<ZonesRequest, "machine" | "formats" | "census">;

/**
 * Refuses what the machine gpu cannot be asked for: other formats than f32, and a census, which proves ties harmless from
 * values that are rounded in a known order. On wasm nothing is refused.
 *
 * @throws AdError "dtype" or "domain"
 */
export function checkMachine({ machine, formats, census }: Asked): void {
  if (machine === undefined) return;
  for (const format of formats) checkGpuFormat("zones", "--format", format);
  if (census === 0) return;
  const [problem, expected, got] = ["the machine gpu has no census of ties", "--census 0", `--census ${census}`];
  const remedy = "leave --census out, or take --machine wasm";
  throw new AdError({ code: "domain", where: "zones", problem, expected, got, remedy });
}

/**
 * Loads the data and builds every network of a manifest, on both sides.
 *
 * @throws AdError whatever is wrong with data, networks, sizes, layers or choices
 */
export async function checkedPlan(manifest: Manifest): Promise<Manifest> {
  const known = new Map<string, LoadedImages>();
  for (const job of manifest.jobs) {
    const setting = job.parameters as unknown as Setting & { readonly one: string; readonly other: string };
    const { data, network: model } = setting;
    const loaded = known.get(data) ?? (loadData(data, dataFolder()) as LoadedImages);
    known.set(data, loaded);
    batchesIn(setting, loaded);
    const own = await loadNetwork({ model });
    for (const side of [setting.one, setting.other])
      modelFor(setting, sideOf(side), { loaded, own }).model.plan(loaded.train.shape.slice(1));
  }
  return manifest;
}

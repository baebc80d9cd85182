/** What can be wrong with a plan of jobs, found before any of them is made. */
import { dataFolder } from "../../data/find.ts";
import { type LoadedImages, loadData } from "../../data/load.ts";
import type { Manifest } from "../../sweeps/manifest.ts";
import { loadNetwork } from "../../training/userNetwork.ts";
import { batchesIn, modelFor, type Setting } from "./network.ts";
import { sideOf } from "./sides.ts";

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

// Kernels whose loops a device would end early, in silence, as Mesa's renderer does.
import { AdError } from "@nonsmooth/ad-core";
import type { Device, Session } from "../devices/device.ts";
import type { Plan } from "../lowering/plan.ts";
import { numericsOf } from "./numerics.ts";

/** Rounds of one thread, those of loops within loops too, to whose end every device goes. */
const surelyFinished = 65535;

/**
 * Prepares a plan for a device that goes through its loops to the end.
 *
 * @throws AdError, in the promise, "unsupported" where it does not, and as the device
 */
export function preparePlan(device: Device, plan: Plan): Promise<Session> {
  const most = plan.dispatches.reduce((max, { stage }) => Math.max(max, device.roundsOf(stage)), 0);
  return most <= surelyFinished ? device.prepare(plan) : prepareLong(device, plan, most);
}

async function prepareLong(device: Device, plan: Plan, most: number): Promise<Session> {
  if ((await numericsOf(device)).finishesLoops) return device.prepare(plan);
  const [problem, expected] = ["the device ends long loops early", `at most ${surelyFinished} rounds for an element`];
  const remedy = "use the wasm machine, or a real GPU";
  throw new AdError({ code: "unsupported", where: "gpu", problem, expected, got: `${most}`, remedy });
}

// What the page shows: texts by the names of their elements, and the curve.
import { Curve } from "./curve.ts";
import type { EpochMade, Listener, StepMade } from "./training.ts";

/** An element by its name. */
export function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found as T;
}

/** Elements that say something of a run, and nothing before it begins. */
const texts = [
  ["error", "mode", "class", "adapter", "slope", "shares"],
  ["step", "loss", "accuracy", "speed", "zeros", "windows", "above", "tied"],
] as const;

/** The name of an element that shows a text. */
export type Text = (typeof texts)[number][number] | "state";

export function show(id: Text, text: string): void {
  element(id).textContent = text;
}

/** A number in few digits. */
export const short = (value: number): string => String(Number(value.toPrecision(6)));

/** Forgets what was shown of another run. */
export function clear(): void {
  for (const id of texts.flat()) show(id, "");
  element("curve").replaceChildren();
  element<HTMLProgressElement>("progress").value = 0;
}

/** Lets the browser draw and look at its buttons: a step may leave it no time. */
export const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Shows what a run tells. */
export function listener(isStopped: () => boolean): Listener {
  let curve: Curve | null = null;
  let [tied, last] = [0, performance.now()];
  return {
    isStopped,
    async onStep(made): Promise<void> {
      const { steps, loss, ties } = made;
      curve ??= new Curve(element("curve"), steps);
      curve.addLoss(loss);
      if (ties.zeros + ties.above > 0) tied++;
      const now = performance.now();
      showStep(made, tied, now - last);
      last = now;
      await breath();
    },
    onEpoch(made): void {
      curve?.addAccuracy(made.step, made.accuracy);
      showEpoch(made);
      last = performance.now();
    },
  };
}

function showStep({ step, steps, loss, ties }: StepMade, tied: number, milliseconds: number): void {
  Object.assign(element<HTMLProgressElement>("progress"), { max: steps, value: step });
  show("state", "training");
  show("step", `${step} of ${steps}`);
  show("loss", loss.toFixed(4));
  show("speed", `${milliseconds.toFixed(0)} ms`);
  show("zeros", String(ties.zeros));
  show("windows", String(ties.windows));
  show("above", String(ties.above));
  show("tied", `${tied} of ${step}`);
}

function showEpoch({ epoch, loss, accuracy }: EpochMade): void {
  show("accuracy", `${(100 * accuracy).toFixed(1)}% after epoch ${epoch}, with a loss of ${loss.toFixed(4)}`);
}

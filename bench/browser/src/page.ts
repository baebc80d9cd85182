// The page: a form and two buttons that start and stop a run.
import { AdError } from "@nonsmooth/ad-core";
import { choicesOf } from "./choices.ts";
import { breath, clear, element, listener, short, show } from "./display.ts";
import { measureKinks } from "./kinks.ts";
import { adapterText, giveUp, machineOf } from "./machines.ts";
import { type Settings, settingsFrom } from "./settings.ts";
import { type Ending, trainDigits } from "./training.ts";

const form = element<HTMLFormElement>("settings");
const start = element<HTMLButtonElement>("start");
const stop = element<HTMLButtonElement>("stop");

/** Whether the button that stops was pressed. */
let isStopped = false;

/** Opens the machine, says what it is and what it does at kinks, and trains on it. */
async function run(settings: Settings): Promise<Ending> {
  const { mode, slope, pool, beta } = settings;
  const machine = await machineOf(mode);
  show("mode", machine.mode);
  show("class", machine.kernelClass);
  show("adapter", adapterText(machine));
  const choices = choicesOf(slope, pool, beta);
  const measured = await measureKinks(machine, choices);
  show("slope", short(measured.slope));
  show("shares", measured.shares.map(short).join(", "));
  show("state", "preparing the first step");
  await breath();
  return trainDigits(
    settings,
    machine,
    choices,
    listener(() => isStopped),
  );
}

const endings: Readonly<Record<Ending, string>> = {
  finished: "finished",
  stopped: "stopped",
  diverged: "the loss is not finite any more: try a smaller rate",
};

/** From the button that starts to the end of the run. */
async function begin(): Promise<void> {
  isStopped = false;
  clear();
  [start.disabled, stop.disabled] = [true, false];
  show("state", "opening the machine");
  let settings: Settings | null = null;
  try {
    settings = settingsFrom(new FormData(form));
    show("state", endings[await run(settings)]);
  } catch (error) {
    show("state", "failed");
    show("error", error instanceof AdError ? error.message : `unexpected: ${String(error)}`);
    if (settings) giveUp(settings.mode);
  }
  [start.disabled, stop.disabled] = [false, true];
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  begin();
});
stop.addEventListener("click", () => {
  isStopped = true;
});
show("state", "ready");

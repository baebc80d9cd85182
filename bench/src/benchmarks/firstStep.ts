// The first step of LeNet-5 in this process, by its parts, as one line of JSON. Nothing of ours is loaded before the clock runs.

/** Milliseconds of the parts, in their order. */
export interface FirstStep {
  /** The machine and the engine. */
  readonly load: number;
  /** The package of networks, and drawing the weights. */
  readonly model: number;
  readonly trace: number;
  readonly compile: number;
  readonly run: number;
}

async function firstStep(isWide: boolean): Promise<FirstStep> {
  const times = [performance.now()];
  const pass = (): number => times.push(performance.now());
  const { wasm } = await import("@nonsmooth/ad-wasm");
  const { compile } = await import("@nonsmooth/ad-core");
  pass();
  const { recordStep, stepKey } = await import("@nonsmooth/nets");
  const { leNet5Step } = await import("./stepWorkloads.ts");
  const machine = wasm({ wide: isWide });
  const { trainer, data } = leNet5Step.begin(machine);
  const key = stepKey(trainer.seed, "step", 0);
  pass();
  const program = recordStep(trainer.settings, trainer.held, data, key);
  pass();
  const running = compile(program, machine, { carry: { carry: 0 } });
  pass();
  running.write("carry", trainer.held);
  running.run([data, key]);
  pass();
  const [load, model, trace, compiled, run] = times.slice(1).map((time, i) => time - (times[i] as number));
  return { load, model, trace, compile: compiled, run } as FirstStep;
}

process.stdout.write(`${JSON.stringify(await firstStep(process.argv[2] === "wide"))}\n`);

// Machines to test on.
import { afterAll, describe } from "vitest";
import { type GpuMachine, type GpuMode, gpu, type Numerics } from "../src/index.ts";

/** The modes that are tried: those that GPU_MODES names, such as `headlessgl`, or those that every machine has. */
const modes = (process.env.GPU_MODES || "cpu,webasm,webgpu").split(",") as GpuMode[];

/** Whether a mode is tried. */
export const isTried = (mode: GpuMode): boolean => modes.includes(mode);

/** Whether a missing adapter is a failure: where tests are known to have one. */
const isRequired = process.env.REQUIRE_WEBGPU === "1";

/** A machine of a mode, or why there is none here. */
async function machineOf(mode: GpuMode): Promise<GpuMachine | string> {
  try {
    return await gpu({ mode, ...(mode === "webgpu" ? { adapter: "software" } : {}) });
  } catch (error) {
    if (isRequired || mode !== "webgpu") throw error;
    return (error as Error).message;
  }
}

/** A machine to test on, with what was measured on it. */
export interface Tested {
  readonly mode: GpuMode;
  readonly machine: GpuMachine;
  readonly numerics: Numerics;
}

/** Declares tests for every mode, or for some; where there is no adapter they are skipped, and the reason is printed. */
export async function onEachMachine(
  declare: (tested: Tested) => void,
  tried: readonly GpuMode[] = modes,
): Promise<void> {
  for (const mode of tried) {
    const machine = await machineOf(mode);
    if (typeof machine === "string") {
      // The reporter does not name tests that are skipped.
      process.stdout.write(`${mode} (skipped: ${machine})\n`);
      describe.skip(mode, () => declare({ mode } as Tested));
      continue;
    }
    const numerics = await machine.numerics();
    describe(mode, () => {
      afterAll(() => machine.dispose());
      declare({ mode, machine, numerics });
    });
  }
}

/** Whether there is no adapter here; the reason is printed. */
export async function withoutWebGpu(): Promise<boolean> {
  const machine = await machineOf("webgpu");
  if (typeof machine === "string") process.stdout.write(`webgpu (skipped: ${machine})\n`);
  return typeof machine === "string";
}

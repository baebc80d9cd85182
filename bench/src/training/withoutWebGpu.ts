/** Whether tests on WebGPU must be left out. */
import { gpu } from "@nonsmooth/ad-gpu";

/**
 * Whether this computer has no renderer for WebGPU; the reason is printed, as the reporter does not name tests that are skipped.
 * With REQUIRE_WEBGPU=1 that is an error.
 */
export async function withoutWebGpu(): Promise<boolean> {
  try {
    (await gpu({ mode: "webgpu", adapter: "software" })).dispose();
    return false;
  } catch (error) {
    if (process.env.REQUIRE_WEBGPU === "1") throw error;
    process.stdout.write(`webgpu (skipped: ${(error as Error).message})\n`);
    return true;
  }
}

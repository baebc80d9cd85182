/** Random programs, their derivatives under random choices at kinks, and the reports of their kinks: the bits of the reference. */
import { conforms } from "@nonsmooth/ad-testing";
import { test } from "vitest";
import { wasm } from "../src/index.ts";

test("one thread", () => conforms(wasm(), { steps: 8 }));

test("several threads", async () => {
  for (const threads of [2, 3]) {
    const machine = wasm({ threads });
    await conforms(machine, { runs: 20 });
    machine.dispose();
  }
});

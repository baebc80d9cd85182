import type { WasmMachine } from "@nonsmooth/ad-wasm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { isWideAsked, machineOf, whyNotWide } from "./machines.ts";

afterEach(() => void vi.unstubAllEnvs());

describe("NONSMOOTH_WIDE", () => {
  test.each(["", "0"])("%j asks for nothing", async (said) => {
    vi.stubEnv("NONSMOOTH_WIDE", said);
    expect(isWideAsked()).toBe(false);
    expect(whyNotWide()).toBe(null);
    expect(((await machineOf("wasm", 1)) as WasmMachine).wideReason).toBe("it was not asked for");
  });

  test("1 asks for vectors of 256 bits: the machine has them, or there is a reason", async () => {
    vi.stubEnv("NONSMOOTH_WIDE", "1");
    const { wide, wideReason } = (await machineOf("wasm", 1)) as WasmMachine;
    expect(wide).toBe(wideReason === null);
    expect(wideReason).not.toBe("it was not asked for");
    expect(whyNotWide()).toBe(wideReason);
  });

  test("anything else is an error", async () => {
    vi.stubEnv("NONSMOOTH_WIDE", "yes");
    await expect(machineOf("wasm", 1)).rejects.toThrowError(
      expect.objectContaining({ code: "domain", where: "NONSMOOTH_WIDE" }),
    );
  });
});

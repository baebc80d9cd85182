import { afterEach, describe, expect, test, vi } from "vitest";
import type { Finding } from "../studies/doctor.ts";
import { withoutWebGpu } from "../training/withoutWebGpu.ts";
import { commanded } from "./commanded.ts";
import { build } from "./doctor.ts";
import { CheckFailed, RequirementMissing } from "./output.ts";
import { runCommand } from "./program.ts";

const node: Finding = { item: "Node", found: "20.19.0", status: "ok", remedy: "" };
const gpu: Finding = { item: "WebGPU", found: "no", status: "not needed", remedy: "" };
const data: Finding = { item: "data", found: "no", status: "missing", remedy: "put it there" };
const broken: Finding = { item: "sums", found: "4", status: "failed", remedy: "report this" };

async function doctor(findings: Finding[], ...args: string[]): Promise<{ text: string; error: unknown }> {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), warn: () => {}, colours: false };
  const command = build(output, async () => findings);
  const error = await command.parseAsync(args, { from: "user" }).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return { text: written.join(""), error };
}

test("the table", async () => {
  const { text, error } = await doctor([node, gpu, data]);
  expect(text).toMatchInlineSnapshot(`
    "item    found    status      remedy
    Node    20.19.0  ok
    WebGPU  no       not needed
    data    no       missing     put it there
    "
  `);
  expect(error).toBeInstanceOf(RequirementMissing);
});

test("the JSON is one line with a schema", async () => {
  const { text, error } = await doctor([node, gpu], "--json");
  expect(JSON.parse(text)).toEqual({ schema: "nonsmooth.doctor/1", findings: [node, gpu] });
  expect(text.trimEnd()).not.toContain("\n");
  expect(error).toBeUndefined();
});

test("a self-test that fails is a failed check; what is missing comes first", async () => {
  expect((await doctor([node, broken])).error).toBeInstanceOf(CheckFailed);
  expect((await doctor([data, broken])).error).toBeInstanceOf(RequirementMissing);
});

test("this machine passes its self-test, and the exit code says what is missing", async () => {
  const written: string[] = [];
  const code = await runCommand(["doctor", "--json"], {
    write: (text) => void written.push(text),
    warn: () => {},
    colours: false,
  });
  const { findings } = JSON.parse(written.join("")) as { findings: Finding[] };
  expect(findings.filter(({ status }) => status === "failed")).toEqual([]);
  expect(code).toBe(findings.some(({ status }) => status === "missing") ? 3 : 0);
  expect(findings.find(({ item }) => item === "Node")?.found).toBe(process.versions.node);
});

const isWithout = await withoutWebGpu();

describe("--gpu", () => {
  afterEach(() => void vi.unstubAllEnvs());
  const examined = (mode: string, ...args: string[]) => {
    vi.stubEnv("NONSMOOTH_GPU", mode);
    return commanded("doctor", "--gpu", ...args);
  };

  test("prints the device, its measurements and what follows from them", async () => {
    const { code, written } = await examined("webasm");
    expect(code).toBe(0);
    expect(written).toMatchInlineSnapshot(`
      "mode                       webasm
      kernels                    WebAssemblyKernel of gpu.js
      adapter                    none: this mode has no adapter
      most elements of a tensor  16777216

      measured                 found  what yes means                                                              so conformance expects
      keepsNaN                 yes    NaN comes out where it went in, and out of arithmetic with it               -
      maximumKeepsNaN          yes    the device's own maximum of a number and NaN is NaN; kernels do not use it  -
      nanDiffersFromItself     yes    NaN differs from itself; kernels do not ask that                            -
      logOfNegativeIsNaN       yes    the logarithm of a negative number is NaN                                   -
      keepsInfinities          yes    infinities come out where they went in, and out of overflow                 -
      keepsSignedZeros         yes    a negative zero comes out where it went in, and out of products             exact signs of zeros
      keepsSubnormals          yes    numbers below 2^-126 come out of products                                   -
      fusesProducts            no     a product and the addition behind it are rounded once                       exact formulas and sums
      roundsEachOperation      yes    every operation inside of a kernel is rounded to 32 bits                    exact formulas and sums
      keepsOrderOfSums         yes    additions run in the order in which a kernel writes them                    exact formulas and sums
      roundsDivisionCorrectly  yes    quotients have the bits of the reference machine                            exact quotients
      roundsRootCorrectly      yes    square roots have the bits of the reference machine                         exact roots
      finishesLoops            yes    loops of more than 65535 rounds run to their end                            loops of any length
      "
    `);
  });

  test("the JSON has all measurements", async () => {
    const { written } = await examined("cpu", "--json");
    const { schema, mode, kernelClass, adapter, mostElements, numerics } = JSON.parse(written);
    expect([schema, mode, kernelClass, adapter, mostElements]).toEqual([
      ...["nonsmooth.doctorGpu/1", "cpu", "CPUKernel", null, 2 ** 24],
    ]);
    expect(numerics).toMatchObject({ keepsNaN: true, roundsEachOperation: false });
    expect(Object.keys(numerics)).toHaveLength(13);
  });

  test.each([
    [3, "gpu: there is no such device here", "webgl2"],
    [2, "NONSMOOTH_GPU: no such mode", "metal"],
  ])("exit code %i: %s", async (exit, message, mode) => {
    const { code, written, warned } = await examined(mode);
    expect([code, written, warned]).toEqual([exit, "", expect.stringContaining(message)]);
  });

  test.skipIf(isWithout)("says that the renderer of Mesa computes on the CPU", async () => {
    const { code, written } = await examined("webgpu-software");
    expect(code).toBe(0);
    expect(written).toMatch(
      /^mode +webgpu\nkernels +WebGPUKernel of gpu.js\nadapter +.*\(software: it computes on the CPU\)\n/,
    );
  });
});

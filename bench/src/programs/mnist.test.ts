import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { AdError } from "@nonsmooth/ad-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { resolveProgram } from "./index.ts";
import { findMnist, readMnist } from "./mnist.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonsmooth-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** Three images of 28 by 28, all of one grey. */
const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 0, 28, ...new Array(3 * 784).fill(51));
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 1, 4);

function put(place: string, set: string, ending = ""): void {
  mkdirSync(join(folder, place), { recursive: true });
  const pack = (bytes: Uint8Array): Uint8Array => (ending === ".gz" ? gzipSync(bytes) : bytes);
  writeFileSync(join(folder, place, `${set}-images-idx3-ubyte${ending}`), pack(images));
  writeFileSync(join(folder, place, `${set}-labels-idx1-ubyte${ending}`), pack(labels));
}

const refusal = (call: () => unknown): AdError => {
  try {
    call();
  } catch (error) {
    if (error instanceof AdError) return error;
  }
  throw new Error("nothing was refused");
};

describe("the files", () => {
  test.each([
    ["mnist", "t10k", ".gz"],
    ["mnist", "t10k", ""],
    ["mnist", "train", ".gz"],
    ["", "t10k", ".gz"],
    ["", "train", ""],
  ])("are found as %s/%s%s", (place, set, ending) => {
    put(place, set, ending);
    const files = findMnist(folder);
    expect(files.images).toBe(join(folder, place, `${set}-images-idx3-ubyte${ending}`));
    const found = readMnist(files, { count: 2 });
    expect([found.images.shape, [...found.labels.data]]).toEqual([
      [2, 1, 28, 28],
      [7, 1],
    ]);
    expect(found.images.data[5]).toBe(0.2);
  });

  test("that are not there are listed", () => {
    const error = refusal(() => findMnist(folder));
    expect(error).toMatchObject({ code: "missing", where: "MNIST" });
    expect(error.details.lookedFor).toContain(join(folder, "mnist", "t10k-images-idx3-ubyte.gz"));
    expect(error.message).toContain(join(folder, "mnist", "t10k-images-idx3-ubyte"));
  });

  test("without their labels are not enough", () => {
    put("mnist", "t10k");
    rmSync(join(folder, "mnist", "t10k-labels-idx1-ubyte"));
    expect(refusal(() => findMnist(folder)).code).toBe("missing");
  });

  test("in a folder that is not there", () => {
    const error = refusal(() => findMnist(join(folder, "nowhere")));
    expect(error.details.got).toBe(`no folder ${join(folder, "nowhere")}`);
  });

  test("that are cut off while compressed are refused", () => {
    put("mnist", "t10k", ".gz");
    const path = findMnist(folder).images;
    writeFileSync(path, gzipSync(images).subarray(0, 30));
    const error = refusal(() => readMnist(findMnist(folder), {}));
    expect(error.code).toBe("data");
    expect(error.message).toContain(`${path} cannot be unpacked`);
  });
});

describe("lenet5", () => {
  const lenet5 = (options: object) => resolveProgram("lenet5", { seed: 1, dtype: "f32", ...options });

  test("takes images from the folder that it is given", async () => {
    put("mnist", "t10k", ".gz");
    const { parameters, args } = await lenet5({ batch: 3, dataFolder: folder });
    expect(parameters).toEqual({ batch: 3, seed: 1, dtype: "f32", data: "mnist" });
    expect(args[2]).toMatchObject({ data: Int32Array.of(7, 1, 4) });
  });

  test("takes images from the folder that NONSMOOTH_DATA names", async () => {
    put("mnist", "t10k", ".gz");
    vi.stubEnv("NONSMOOTH_DATA", folder);
    expect((await lenet5({ batch: 1 })).parameters.data).toBe("mnist");
  });

  test("never falls back to generated digits in silence", async () => {
    vi.stubEnv("NONSMOOTH_DATA", folder);
    await expect(lenet5({ batch: 1 })).rejects.toMatchObject({ code: "missing" });
  });

  test("refuses a batch larger than the set", async () => {
    put("mnist", "t10k");
    await expect(lenet5({ batch: 4, dataFolder: folder })).rejects.toMatchObject({ code: "domain" });
  });
});

/** Why there are no real files to read; empty when there are. */
function reasonToSkip(folder: string): string {
  if (folder === "") return "NONSMOOTH_DATA is not set";
  try {
    findMnist(folder);
    return "";
  } catch (error) {
    return (error as AdError).message;
  }
}

const real = process.env.NONSMOOTH_DATA ?? "";
const reason = reasonToSkip(real);

test.skipIf(reason !== "")(`the real files${reason && ` (skipped: ${reason})`}`, async () => {
  const { args } = await resolveProgram("lenet5", { seed: 1, dtype: "f32", batch: 5, dataFolder: real });
  expect(args[2]).toMatchObject({ shape: [5], dtype: "i32" });
});

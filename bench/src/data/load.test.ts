/** Data sets in folders that the tests write. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { AdError } from "@nonsmooth/ad-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { catalogue, type DataName, dataNames } from "./catalogue.ts";
import { checksumOf, worst } from "./checksums.ts";
import { dataFolder, findData, foundIn } from "./find.ts";
import { digitCounts, loadData } from "./load.ts";
import { membersOf } from "./tar.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonsmooth-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

function put(path: string, bytes: Uint8Array): string {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, path.endsWith(".gz") ? gzipSync(bytes) : bytes);
  return whole;
}

/** Images of 1 by 2, and their labels. */
function putIdx(place: string, count: number, ending = ""): void {
  const pixels = Array.from({ length: 2 * count }, (_, i) => i);
  put(
    `${place}-images-idx3-ubyte${ending}`,
    Uint8Array.of(0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 1, 0, 0, 0, 2, ...pixels),
  );
  const labels = pixels.slice(0, count).map((i) => i % 10);
  put(`${place}-labels-idx1-ubyte${ending}`, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, count, ...labels));
}

/** Images of CIFAR, all of one class. */
const cifar = (count: number, ...labels: number[]): Uint8Array =>
  Uint8Array.from(
    Array.from({ length: count }, () => [...labels, ...new Array<number>(3072).fill(labels[0] ?? 0)]).flat(),
  );

/** An archive of tar. */
function tar(files: Record<string, Uint8Array>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => {
    const head = Buffer.alloc(512);
    head.write(name, 0);
    head.write(`${bytes.length.toString(8).padStart(11, "0")} `, 124);
    head.fill(" ", 148, 156).write("0", 156);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Uint8Array.from(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const refusal = (call: () => unknown): AdError => {
  try {
    call();
  } catch (error) {
    if (error instanceof AdError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

describe("sets are found and read", () => {
  const own = { sums: {} };

  test.each(["mnist", "fashion-mnist", "kmnist"] as const)("%s, packed or not", (name) => {
    putIdx(`${name}/train`, 6, ".gz");
    putIdx(`${name}/t10k`, 3);
    const data = loadData(name, folder, own);
    expect(data).toMatchObject({
      kind: "images",
      name,
      note: "",
      train: { shape: [6, 1, 1, 2] },
      test: { shape: [3, 1, 1, 2] },
    });
    expect(data.files).toHaveLength(4);
    expect(data.normalization).toEqual({ mean: [0.5], std: [0.5] });
  });

  test("mnist without its training images is its test images, split", () => {
    putIdx("mnist/t10k", 10, ".gz");
    const { train, test: rest, note } = loadData("mnist", folder, own);
    expect([train.shape[0], rest.shape[0], note]).toEqual([8, 2, "the test images, split 8 : 2"]);
    expect([...train.labels, ...rest.labels].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(loadData("mnist", folder, own)).toEqual(loadData("mnist", folder, own));
  });

  test("files of another set like MNIST are never taken from the folder itself", () => {
    putIdx("train", 2);
    putIdx("t10k", 2);
    expect(loadData("mnist", folder, own).train.shape[0]).toBe(2);
    expect(refusal(() => loadData("kmnist", folder)).code).toBe("missing");
  });

  test("cifar10 in batches before a part of it, in any of its folders", () => {
    put("cifar10/train-10k.bin.gz", cifar(4, 1));
    put("cifar10/test-2k.bin.gz", cifar(2, 1));
    expect(loadData("cifar10", folder, own)).toMatchObject({ note: "a part of it", train: { shape: [4, 3, 32, 32] } });
    for (const i of [1, 2, 3, 4, 5]) put(`cifar-10-batches-bin/data_batch_${i}.bin`, cifar(1, i));
    put("cifar-10-batches-bin/test_batch.bin", cifar(3, 9));
    const { train, test: rest, note } = loadData("cifar10", folder, own);
    expect([[...train.labels], rest.shape[0], note]).toEqual([[1, 2, 3, 4, 5], 3, ""]);
  });

  test("cifar100 from its archive", () => {
    const path = "cifar-100-binary/";
    const archive = tar({ [`${path}train.bin`]: cifar(2, 3, 77), [`${path}test.bin`]: cifar(1, 4, 5) });
    const file = put("cifar-100-binary.tar.gz", archive);
    const { train, test: rest, files } = loadData("cifar100", folder, own);
    expect([[...train.labels], [...rest.labels], files]).toEqual([[77, 77], [5], [file]]);
  });

  test("a text", () => {
    put("text/input.txt", Uint8Array.from(Buffer.from("abcabcabca".repeat(2))));
    const { train, test: rest, vocabulary } = loadData("text", folder);
    expect([train.length, [...rest], vocabulary.size]).toEqual([18, [2, 0], 3]);
    expect(loadData("text", folder, { level: "bytes" }).vocabulary.size).toBe(256);
  });

  test("digits, which need no folder", () => {
    const { train, test: rest, files } = loadData("digits", undefined);
    expect(digitCounts).toEqual({ train: train.shape[0], test: rest.shape[0] });
    expect([train.shape, rest.shape, files]).toEqual([[8000, 1, 28, 28], [2000, 1, 28, 28], []]);
  });
});

describe("files that cannot be read are refused for that reason before their sums, with their path", () => {
  test("truncated while packed", () => {
    putIdx("mnist/t10k", 10, ".gz");
    const path = join(folder, "mnist", "t10k-images-idx3-ubyte.gz");
    writeFileSync(path, gzipSync(new Uint8Array(100)).subarray(0, 20));
    expect(refusal(() => loadData("mnist", folder))).toMatchObject({
      code: "data",
      message: expect.stringContaining(path),
    });
  });

  test.each([
    ["data", "the file is truncated, or another one", "cifar100", "cifar100/train.bin", cifar(1, 1)],
    ["data", "a label is out of range", "cifar10", "cifar10/train-10k.bin", cifar(1, 10)],
    ["parse", "this is no MAT-file of Level 5", "svhn", "svhn/train_32x32.mat", new Uint8Array(300)],
    ["parse", "the text is no UTF-8", "text", "text/input.txt", Uint8Array.of(0xff)],
    ["data", "is no archive of tar", "cifar10", "cifar-10-binary.tar.gz", new Uint8Array(600).fill(65)],
    [
      "data",
      "lacks a file: expected test_batch.bin",
      "cifar10",
      "cifar-10-binary.tar.gz",
      tar({ other: new Uint8Array(3) }),
    ],
    ["data", "is truncated", "cifar10", "cifar-10-binary.tar.gz", tar({ other: new Uint8Array(5000) }).slice(0, 2000)],
  ] as const)("%s, %s", (code, message, name, path, bytes) => {
    put("cifar100/test.bin", cifar(1, 1, 1));
    put("cifar10/test-2k.bin", cifar(1, 1));
    put("svhn/test_32x32.mat", new Uint8Array(300));
    const whole = put(path, bytes);
    const error = refusal(() => loadData(name as DataName, folder));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    if (!path.startsWith("svhn")) expect(error.message).toContain(whole);
  });

  test("not there", () => {
    for (const name of dataNames.filter((other) => other !== "digits")) {
      const error = refusal(() => loadData(name, folder));
      expect(error).toMatchObject({ code: "missing", where: name });
      expect(error.message).toContain(join(folder, catalogue[name].folders[0] as string));
      expect(refusal(() => loadData(name, undefined)).message).toContain("NONSMOOTH_DATA");
      expect(refusal(() => loadData(name, join(folder, "nowhere"))).details.got).toContain("nowhere");
    }
  });

  test("of no known set", () => {
    expect(refusal(() => loadData("mnits" as "mnist", folder))).toMatchObject({ code: "domain" });
  });
});

describe("files that can be read", () => {
  const text = Uint8Array.from(Buffer.from("abc".repeat(20)));
  const refused = (name: DataName, options = {}): AdError => refusal(() => loadData(name, folder, options));

  test("are refused with another sum than the known one, and taken with it", () => {
    const path = put("text/tinyshakespeare.txt", text);
    const sums = (content: string) => ({ sums: { "tinyshakespeare.txt": { content } } });
    const error = refused("text", sums("900150983cd24fb0d6963f7d28e17f72"));
    expect(error).toMatchObject({ code: "data", where: "loadData", details: { path } });
    expect(error.message.replace(path, "PATH")).toMatchInlineSnapshot(
      `"loadData: PATH is not the file that is known by this name: expected MD5 900150983cd24fb0d6963f7d28e17f72, got MD5 f042bdb8b6a66af3441936d355c53355; fetch the file again from tinyshakespeare, github.com/karpathy/char-rnn (a text of your own goes into input.txt); a file of your own loads only in code, by loadData with sums: {}"`,
    );
    expect(loadData("text", folder, sums("f042bdb8b6a66af3441936d355c53355")).train.length).toBe(54);
  });

  test("must have the sums of the catalogue, packed or unpacked", () => {
    put("text/tinyshakespeare.txt", text);
    expect(refused("text").details.expected).toMatch(/^SHA-256 [0-9a-f]{64}$/);
    putIdx("mnist/t10k", 10, ".gz");
    const { expected, got } = refused("mnist").details;
    expect(expected).toMatch(/^MD5 [0-9a-f]{32} packed, or SHA-256 [0-9a-f]{64} unpacked$/);
    expect(got).toMatch(/^MD5 [0-9a-f]{32} packed, SHA-256 [0-9a-f]{64} unpacked$/);
  });

  test("are judged by the archive that they are in", () => {
    const path = put("cifar-100-binary.tar.gz", tar({ "train.bin": cifar(2, 3, 77), "test.bin": cifar(1, 4, 5) }));
    expect(refused("cifar100")).toMatchObject({ code: "data", details: { path } });
  });

  test("are taken when no sum is known", () => {
    put("cifar100/train.bin", cifar(2, 3, 77));
    put("cifar100/test.bin", cifar(1, 4, 5));
    expect(loadData("cifar100", folder).train.shape[0]).toBe(2);
  });
});

test("sets are found by the names of their files alone", () => {
  expect(foundIn(folder)).toEqual([]);
  for (const path of [
    "svhn/train_32x32.mat",
    "svhn/test_32x32.mat",
    "text/input.txt",
    "kmnist/train-images-idx3-ubyte",
  ]) {
    put(path, new Uint8Array(1));
  }
  expect(foundIn(folder)).toEqual(["svhn", "text"]);
  expect(foundIn(join(folder, "nowhere"))).toEqual([]);
});

test("the folder is the one named, else that of NONSMOOTH_DATA", () => {
  vi.stubEnv("NONSMOOTH_DATA", "there");
  expect([dataFolder("here"), dataFolder()]).toEqual(["here", "there"]);
  vi.stubEnv("NONSMOOTH_DATA", "");
  expect(dataFolder()).toBeUndefined();
});

test("members of an archive lose their folders", () => {
  const members = membersOf("a.tar", tar({ "a/b/c.bin": Uint8Array.of(1, 2), d: new Uint8Array(512) }));
  expect([...members].map(([name, bytes]) => [name, bytes.length])).toEqual([
    ["c.bin", 2],
    ["d", 512],
  ]);
});

describe("checksums", () => {
  const abc = "900150983cd24fb0d6963f7d28e17f72";
  const entry = { sums: { "a.txt": { content: abc }, "b.txt": { packed: abc }, "c.tar.gz": { content: abc } } };
  const text = (letters: string): Uint8Array => Uint8Array.from(Buffer.from(letters));
  const sumOf = (path: string, letters: string): string =>
    checksumOf({ name: path.replace(".gz", ""), path: put(path, text(letters)), isArchived: false }, entry);

  test("are of the content, packed or not, or of the packed file", () => {
    expect(sumOf("a.txt", "abc")).toBe("ok");
    expect(sumOf("a.txt.gz", "abc")).toBe("ok");
    expect(sumOf("a.txt", "abd")).toBe("wrong");
    expect(sumOf("b.txt.gz", "abc")).toBe("wrong");
    expect(sumOf("b.txt", "abc")).toBe("unknown");
    expect(sumOf("c.txt", "abc")).toBe("unknown");
  });

  test("of an archive are of the archive as it lies there", () => {
    const path = join(folder, "c.tar.gz");
    writeFileSync(path, "abc");
    const file = { name: "within.bin", path, isArchived: true };
    expect(checksumOf(file, { ...entry, archive: "c.tar.gz" })).toBe("ok");
  });

  test("of several files are as good as the worst", () => {
    expect([worst(["ok", "wrong", "unknown"]), worst(["ok", "unknown"]), worst(["ok", "ok"])]).toEqual([
      "wrong",
      "unknown",
      "ok",
    ]);
  });

  test("that are known have the length of MD5 or SHA-256", () => {
    const known = Object.values(catalogue).flatMap((entry) =>
      Object.values(entry.sums).flatMap(({ packed, content }) => [packed, content]),
    );
    for (const sum of known) if (sum !== undefined) expect(sum).toMatch(/^([0-9a-f]{32}|[0-9a-f]{64})$/);
  });
});

const real = dataFolder() ?? "";
const reasons = (["mnist", "cifar10", "text"] as const).map((name) => {
  try {
    findData(name, real || undefined);
    return [name, ""] as const;
  } catch (error) {
    return [name, real === "" ? "NONSMOOTH_DATA is not set" : (error as AdError).message] as const;
  }
});

for (const [name, reason] of reasons) {
  test.skipIf(reason !== "")(`the real files of ${name}${reason && ` (skipped: ${reason})`}`, () => {
    const { variant, train, test: rest } = findData(name, real);
    for (const file of [...train, ...rest]) expect(checksumOf(file, catalogue[name])).not.toBe("wrong");
    const data = loadData(name as DataName, real);
    expect(data.note).toBe(variant.note);
    const labels = data.kind === "text" ? [data.train, data.test] : [data.train.labels, data.test.labels];
    for (const part of labels) expect(part.length).toBeGreaterThanOrEqual(2000);
  });
}

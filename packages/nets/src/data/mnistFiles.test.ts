/** The real files, where there are some: NONSMOOTH_DATA names the folder. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { mean } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { mnistFromIdx } from "./mnist.ts";

const folder = process.env.NONSMOOTH_DATA ?? "";
const files = ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"].map((name) => join(folder, "mnist", name));
const reason =
  folder === "" ? "NONSMOOTH_DATA is not set" : files.every(existsSync) ? "" : `no ${files.join(" or no ")}`;

test.skipIf(reason !== "")(`the test images of MNIST${reason && ` (skipped: ${reason})`}`, () => {
  const [images, labels] = files.map((file) => gunzipSync(readFileSync(file))) as [Buffer, Buffer];
  const found = mnistFromIdx(images, labels, { start: 9000, count: 1000, dtype: "f32" });
  expect(found.images.shape).toEqual([1000, 1, 28, 28]);
  expect(mnistFromIdx(images, labels, { count: 5 }).labels.data.join()).toBe("7,2,1,0,4");
  for (const digit of found.labels.data) expect(digit).toBeLessThan(10);
  const grey = Number(mean(found.images).data[0]);
  expect(grey).toBeGreaterThan(0.12);
  expect(grey).toBeLessThan(0.15);
});

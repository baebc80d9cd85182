import { AdError, type Tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { digits } from "./digits.ts";
import type { RealDType } from "./labelledImages.ts";

const pixels = 28 * 28;
const image = ({ data }: Tensor, i: number): number[] => Array.from(data.subarray(i * pixels, (i + 1) * pixels));

/** FNV-1a over the bytes of a tensor. */
function checksum({ data }: Tensor): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return (sum >>> 0).toString(16);
}

describe("the digits of a seed", () => {
  test("have the same bits everywhere", () => {
    const { images, labels } = digits({ count: 50, seed: 7 });
    expect([checksum(images), checksum(labels)]).toMatchInlineSnapshot(`
      [
        "6484c525",
        "2f1c40d4",
      ]
    `);
  });

  test("differ from those of another seed", () => {
    const [seven, eight] = [7, 8].map((seed) => digits({ count: 10, seed }));
    expect(seven?.images.data).not.toEqual(eight?.images.data);
    expect(seven?.labels.data).not.toEqual(eight?.labels.data);
  });

  test("do not depend on how many are asked for", () => {
    const [few, more] = [digits({ count: 13, seed: 3 }), digits({ count: 40, seed: 3 })];
    expect(few.labels.data).toEqual(more.labels.data.slice(0, 13));
    expect(few.images.data).toEqual(more.images.data.slice(0, 13 * pixels));
  });

  test("hold each class once in every ten", () => {
    const { labels, classes } = digits({ count: 60, seed: 1 });
    expect(classes).toBe(10);
    for (let i = 0; i < 60; i += 10) {
      expect([...labels.data.slice(i, i + 10)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });

  test("are bytes divided by 255, with ink and empty paper in every image", () => {
    const { images } = digits({ count: 40, seed: 2 });
    expect(images.shape).toEqual([40, 1, 28, 28]);
    expect(images.data.every((v) => v >= 0 && v <= 1 && Math.round(v * 255) / 255 === v)).toBe(true);
    for (let i = 0; i < 40; i++) {
      const paper = image(images, i).filter((v) => v === 0).length;
      const ink = image(images, i).filter((v) => v > 0.5).length;
      expect({ i, paper: paper > 392, ink: ink > 20 }).toEqual({ i, paper: true, ink: true });
    }
  });

  test("can be told apart: the nearest mean image of a class is right for more than 80 % of new ones", () => {
    const { images, labels } = digits({ count: 1500, seed: 5 });
    const means = Array.from({ length: 10 }, () => new Float64Array(pixels));
    for (let i = 0; i < 1000; i++) {
      const mean = means[labels.data[i] as number] as Float64Array;
      image(images, i).forEach((v, p) => {
        mean[p] = (mean[p] as number) + v / 100;
      });
    }
    const distance = (i: number, mean: Float64Array): number =>
      image(images, i).reduce((sum, v, p) => sum + (v - (mean[p] as number)) ** 2, 0);
    let right = 0;
    for (let i = 1000; i < 1500; i++) {
      const distances = means.map((mean) => distance(i, mean));
      if (distances.indexOf(Math.min(...distances)) === labels.data[i]) right++;
    }
    expect(right / 500).toBeGreaterThan(0.8);
  });

  test("are rounded once to the format asked for", () => {
    const [wide, narrow] = [digits({ count: 2, seed: 1 }), digits({ count: 2, seed: 1, dtype: "f32" })];
    expect(narrow.images.dtype).toBe("f32");
    expect(narrow.images.data).toEqual(Float32Array.from(wide.images.data));
  });
});

test.each([
  ["domain", { count: 0, seed: 1 }],
  ["domain", { count: 1.5, seed: 1 }],
  ["domain", { count: 1, seed: -1 }],
  ["domain", { count: 1, seed: 1, sead: 2 }],
  ["dtype", { count: 1, seed: 1, dtype: "i32" as RealDType }],
])("bad settings are refused: %s", (code, options) => {
  expect(() => digits(options)).toThrow(expect.objectContaining({ code, where: "digits" }));
  expect(() => digits(options)).toThrow(AdError);
});

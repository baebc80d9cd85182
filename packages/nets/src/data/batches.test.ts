/** Batches of images: orders, normalization, augmentation. */
import { AdError, tensor } from "@nonsmooth/ad-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placements } from "./augmentation.ts";
import { type ImageBatchOptions, imageBatches, toTensors } from "./batches.ts";
import type { ImageSet } from "./imageSet.ts";
import { measureNormalization, normalizations } from "./normalization.ts";
import { shuffledOrder } from "./order.ts";

/** Images of 3 by 6 by 5 whose bytes are never 0, and differ within a plane and between images. */
const [count, channels, height, width] = [11, 3, 6, 5];
const plane = height * width;
const set: ImageSet = {
  shape: [count, channels, height, width],
  pixels: Uint8Array.from({ length: count * channels * plane }, (_, i) => 1 + ((i * 7) % 251)),
  labels: Int32Array.from({ length: count }, (_, i) => i % 4),
  classes: 4,
};

/** The bytes that values in [0, 1] came from. */
const bytesOf = (data: ArrayLike<number>): number[] => Array.from(data, (value) => Math.round(255 * value));
const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe("the order of an epoch", () => {
  test("has each number once", () => {
    fc.assert(
      fc.property(seeds, fc.nat(500), fc.nat(300), (seed, epoch, size) => {
        const order = shuffledOrder(size, { seed, epoch });
        expect([...order].toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
      }),
    );
  });

  test("has the same bits everywhere", () => {
    expect(shuffledOrder(12, { seed: 7, epoch: 0 }).join()).toMatchInlineSnapshot(`"8,11,9,6,5,10,1,7,3,2,4,0"`);
    expect(shuffledOrder(12, { seed: 7, epoch: 199 }).join()).toMatchInlineSnapshot(`"9,5,6,8,2,3,11,7,1,10,0,4"`);
  });

  test("differs between epochs and seeds, and reaches all orders alike", () => {
    const orders = new Map<string, number>();
    for (let epoch = 0; epoch < 2400; epoch++) {
      const order = shuffledOrder(4, { seed: 1, epoch }).join();
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    for (const times of orders.values()) expect(Math.abs(times - 100)).toBeLessThan(50);
  });
});

describe("batches", () => {
  test("as stored hold every image once with its label", () => {
    const all = [...imageBatches(set, { batch: 4 })];
    expect(all.map(({ images }) => images.shape)).toEqual([
      [4, 3, 6, 5],
      [4, 3, 6, 5],
      [3, 3, 6, 5],
    ]);
    expect(all.flatMap(({ images }) => bytesOf(images.data))).toEqual([...set.pixels]);
    expect(all.flatMap(({ labels }) => [...labels.data])).toEqual([...set.labels]);
    expect(all[0]).toMatchObject({ classes: 4, labels: { dtype: "i32" }, images: { dtype: "f64" } });
  });

  test("that are shuffled hold every image once, in the order of the epoch, whatever the batch size", () => {
    fc.assert(
      fc.property(seeds, fc.nat(50), fc.integer({ min: 1, max: 15 }), (seed, epoch, batch) => {
        const all = [...imageBatches(set, { batch, shuffle: true, seed, epoch })];
        const order = [...shuffledOrder(count, { seed, epoch })];
        expect(all.flatMap(({ labels }) => [...labels.data])).toEqual(order.map((i) => set.labels[i]));
        const size = channels * plane;
        const expected = order.flatMap((i) => [...set.pixels.subarray(i * size, (i + 1) * size)]);
        expect(all.flatMap(({ images }) => bytesOf(images.data))).toEqual(expected);
      }),
    );
  });

  test("may drop the last, which is smaller", () => {
    const kept = (batch: number): number => imageBatches(set, { batch, lastBatch: "drop" }).length;
    expect([kept(4), kept(11), kept(12)]).toEqual([2, 1, 0]);
  });

  test("can be asked for in any order", () => {
    const options: ImageBatchOptions = { batch: 3, shuffle: true, seed: 2, augmentation: { padding: 2, flip: true } };
    const [forth, back] = [imageBatches(set, options), imageBatches(set, options)];
    expect([3, 2, 1, 0].map((i) => back.at(i)).reverse()).toEqual([...forth]);
  });

  test("share memory only when asked, and then hold the same numbers", () => {
    const [own, shared] = [imageBatches(set, { batch: 4 }), imageBatches(set, { batch: 4, reuse: true })];
    expect(own.at(0).images.data).not.toBe(own.at(1).images.data);
    expect(shared.at(0).images.data).toBe(shared.at(1).images.data);
    for (const i of [0, 2, 1]) expect(shared.at(i)).toEqual(own.at(i));
  });

  test("are normalized in double and rounded once", () => {
    const normalization = { mean: [0.5, 0.25, 0], std: [0.5, 2, 1] };
    const expected = Array.from(set.pixels, (byte, i) => {
      const channel = Math.floor(i / plane) % channels;
      return (byte / 255 - (normalization.mean[channel] as number)) / (normalization.std[channel] as number);
    });
    for (const dtype of ["f64", "f32", "f16", "bf16"] as const) {
      const { images } = toTensors(set, { dtype, normalization });
      expect(images).toEqual(tensor(expected, { shape: set.shape, dtype }));
    }
  });
});

describe("augmentation", () => {
  const batchOf = (options: Partial<ImageBatchOptions>) =>
    imageBatches(set, { batch: count, seed: 5, ...options }).at(0);

  test("moves pixels: what stays of a plane is a part of it, and the rest is 0", () => {
    fc.assert(
      fc.property(seeds, fc.nat(20), fc.nat(3), fc.boolean(), (seed, epoch, padding, flip) => {
        const { images } = batchOf({ seed, epoch, augmentation: { padding, flip } });
        const place = placements(count, { padding, flip }, { seed, epoch });
        for (let p = 0; p < count * channels; p++) {
          const { down, right } = place(Math.floor(p / channels));
          const stored = [...set.pixels.subarray(p * plane, (p + 1) * plane)].filter((_, i) => {
            const [y, x] = [Math.floor(i / width) - down, (i % width) - right];
            return y >= 0 && y < height && x >= 0 && x < width;
          });
          const found = bytesOf(images.data.subarray(p * plane, (p + 1) * plane));
          const byValue = (a: number, b: number): number => a - b;
          expect(found.filter((byte) => byte > 0).toSorted(byValue)).toEqual(stored.toSorted(byValue));
          expect(found.length).toBe(plane);
        }
      }),
    );
  });

  test("by a flip alone mirrors about half of the images, and keeps their rows", () => {
    let flipped = 0;
    for (let epoch = 0; epoch < 40; epoch++) {
      const { images } = batchOf({ epoch, augmentation: { flip: true } });
      for (let row = 0; row < count * channels * height; row++) {
        const stored = [...set.pixels.subarray(row * width, (row + 1) * width)];
        const found = bytesOf(images.data.subarray(row * width, (row + 1) * width));
        const isFlipped = found[0] !== stored[0];
        expect(isFlipped ? found.toReversed() : found).toEqual(stored);
        if (isFlipped && row % (channels * height) === 0) flipped++;
      }
    }
    expect(Math.abs(flipped / (40 * count) - 0.5)).toBeLessThan(0.08);
  });

  test("of an image depends on seed, epoch and the image, not on order, batch size or how many there are", () => {
    const augmentation = { padding: 2, flip: true };
    const [few, many] = [5, 500].map((n) => placements(n, augmentation, { seed: 9, epoch: 4 }));
    for (let i = 0; i < 5; i++) expect(few?.(i)).toEqual(many?.(i));
    const whole = batchOf({ augmentation, epoch: 4 });
    const order = shuffledOrder(count, { seed: 5, epoch: 4 });
    const shuffled = batchOf({ augmentation, epoch: 4, shuffle: true });
    const image = (data: ArrayLike<number>, i: number): number[] =>
      Array.from(data).slice(i * channels * plane, (i + 1) * channels * plane);
    order.forEach((stored, i) => {
      expect(image(shuffled.images.data, i)).toEqual(image(whole.images.data, stored));
    });
    expect(batchOf({ augmentation, epoch: 5 }).images).not.toEqual(whole.images);
  });

  test("reaches each of the places alike", () => {
    const place = placements(8100, { padding: 4, flip: false }, { seed: 3, epoch: 0 });
    const seen = new Map<string, number>();
    for (let i = 0; i < 8100; i++) {
      const { down, right, isFlipped } = place(i);
      expect(isFlipped).toBe(false);
      seen.set(`${down},${right}`, (seen.get(`${down},${right}`) ?? 0) + 1);
    }
    expect(seen.size).toBe(81);
    for (const times of seen.values()) expect(Math.abs(times - 100)).toBeLessThan(50);
  });

  test("fills with the byte 0, which is normalized like every other", () => {
    const white = { ...set, pixels: new Uint8Array(set.pixels.length).fill(255) };
    const normalization = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
    const { images } = imageBatches(white, { batch: count, seed: 1, normalization, augmentation: { padding: 3 } }).at(
      0,
    );
    expect(new Set(images.data)).toEqual(new Set([-1, 1]));
  });
});

test("mean and deviation of a set are those of its values", () => {
  const { mean, std } = measureNormalization(set);
  const values = Array.from(set.pixels).filter((_, i) => Math.floor(i / plane) % channels === 1);
  const centre = values.reduce((sum, byte) => sum + byte / 255, 0) / values.length;
  const variance = values.reduce((sum, byte) => sum + (byte / 255 - centre) ** 2, 0) / values.length;
  expect(mean[1]).toBeCloseTo(centre, 12);
  expect(std[1]).toBeCloseTo(Math.sqrt(variance), 12);
});

test.each([
  ["domain", "batch out of range", { batch: 0 }],
  ["domain", "an unknown setting", { batch: 1, sead: 1 }],
  ["domain", "a seed is missing", { batch: 1, shuffle: true }],
  ["domain", "a seed is missing", { batch: 1, augmentation: { flip: true } }],
  ["domain", "seed out of range", { batch: 1, seed: -1 }],
  ["domain", "epoch out of range", { batch: 1, seed: 1, epoch: 0.5 }],
  ["domain", "padding out of range", { batch: 1, seed: 1, augmentation: { padding: -1 } }],
  ["domain", "an unknown setting", { batch: 1, seed: 1, augmentation: { flop: true } }],
  ["domain", "a normalization does not fit: expected 3 means", { batch: 1, normalization: normalizations.mnist }],
  ["domain", "a normalization does not fit", { batch: 1, normalization: { mean: [0, 0, 0], std: [1, 0, 1] } }],
  ["domain", "lastBatch out of range", { batch: 1, lastBatch: "lose" }],
  ["dtype", "wrong dtype", { batch: 1, dtype: "i32" }],
])("bad settings are refused: %s, %s", (code, message, options) => {
  const call = (): unknown => imageBatches(set, options as ImageBatchOptions);
  expect(call).toThrow(AdError);
  expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});

test.each([-1, 3, 0.5])("there is no batch %s of three", (index) => {
  const { at } = imageBatches(set, { batch: 4 });
  expect(() => at(index)).toThrow(expect.objectContaining({ code: "domain" }));
});

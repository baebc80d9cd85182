import { AdError } from "@nonsmooth/ad-core";
import { expect, test } from "vitest";
import { imagesFromCifar10, imagesFromCifar100 } from "./cifar.ts";
import { type ImageSet, joinImages, splitImages, takeImages } from "./imageSet.ts";

/** A file of CIFAR: the classes given, and images whose bytes all are the number of the image. */
const cifar = (...classes: number[][]): Uint8Array =>
  Uint8Array.from(classes.flatMap((labels, i) => [...labels, ...new Array<number>(3072).fill(i + 1)]));

const small: ImageSet = {
  shape: [4, 1, 1, 2],
  pixels: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7),
  labels: Int32Array.of(0, 1, 2, 1),
  classes: 3,
};

test("a file of CIFAR-10 is a class and three planes for each image", () => {
  const { shape, pixels, labels, classes } = imagesFromCifar10(cifar([7], [0]));
  expect({ shape, classes, labels }).toEqual({ shape: [2, 3, 32, 32], classes: 10, labels: Int32Array.of(7, 0) });
  expect([pixels.length, pixels[0], pixels[3071], pixels[3072]]).toEqual([6144, 1, 1, 2]);
});

test("a file of CIFAR-100 has groups and classes", () => {
  const bytes = cifar([19, 99], [3, 4]);
  expect(imagesFromCifar100(bytes)).toMatchObject({ classes: 100, labels: Int32Array.of(99, 4) });
  expect(imagesFromCifar100(bytes, { labels: "coarse" })).toMatchObject({ classes: 20, labels: Int32Array.of(19, 3) });
});

test.each([
  [
    "data",
    "truncated, or another one: expected a multiple of 3073 bytes",
    () => imagesFromCifar10(cifar([1]).slice(1)),
  ],
  ["data", "a multiple of 3073 bytes, one image each, got 0 bytes", () => imagesFromCifar10(new Uint8Array(0))],
  ["data", "a label is out of range: expected 0 to 9, got 10 at position 1", () => imagesFromCifar10(cifar([9], [10]))],
  ["data", "a label is out of range: expected 0 to 99, got 100", () => imagesFromCifar100(cifar([0, 100]))],
  ["data", "a multiple of 3074 bytes", () => imagesFromCifar100(cifar([1]))],
  ["parse", "which is gzip; gunzip it first", () => imagesFromCifar10(Uint8Array.of(0x1f, 0x8b, 8))],
  ["domain", "an unknown setting", () => imagesFromCifar100(cifar([0, 0]), { label: "fine" } as object)],
  ["data", "sets do not fit together", () => joinImages([small, imagesFromCifar10(cifar([1]))])],
  ["data", "sets do not fit together: expected sets of one kind, got none", () => joinImages([])],
  ["domain", "no such image: expected whole numbers from 0 to 3, got 4", () => takeImages(small, [0, 4])],
  ["domain", "no such image", () => takeImages(small, [0.5])],
  ["domain", "not enough images", () => splitImages(small, 5, 1)],
  ["domain", "seed out of range", () => splitImages(small, 2, -1)],
])("what does not fit is refused: %s, %s", (code, message, call) => {
  expect(call).toThrow(AdError);
  expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});

test("sets are joined in order, and a single one is not copied", () => {
  const { shape, labels, pixels } = joinImages([small, takeImages(small, [3, 0])]);
  expect({ shape, labels }).toEqual({ shape: [6, 1, 1, 2], labels: Int32Array.of(0, 1, 2, 1, 1, 0) });
  expect([...pixels.slice(8)]).toEqual([6, 7, 0, 1]);
  expect(joinImages([small])).toBe(small);
});

test("a split gives every image to one part, with its label, and the same parts for the same seed", () => {
  const { train, test: rest } = splitImages(small, 3, 5);
  const first = [...train.pixels, ...rest.pixels].filter((_, i) => i % 2 === 0);
  expect(first.toSorted()).toEqual([0, 2, 4, 6]);
  expect([...train.labels, ...rest.labels]).toEqual(first.map((byte) => small.labels[byte / 2]));
  expect(splitImages(small, 3, 5)).toEqual({ train, test: rest });
  expect([1, 2, 3, 4].map((seed) => splitImages(small, 3, seed).test.pixels[0])).not.toEqual([0, 0, 0, 0]);
});

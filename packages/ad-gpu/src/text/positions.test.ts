/** Positions as text, worked out and compared with those that nested loops give. */
import { fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { Body, kernelText, numberText } from "./body.ts";
import { functionsIn, textFunctions } from "./functions.ts";
import { coordinatesText, offsetText, repeatedView, rowsAlong, sizeOf, stridesOf, type View } from "./positions.ts";

/** Works out a text at every element of a shape. */
function evaluated(size: number, build: (body: Body, at: string) => string): number[] {
  const { source: text } = kernelText(0, (body, at) => build(body, at));
  const functions = functionsIn(text).map(({ source }) => source);
  const kernel = new Function(`${functions.join("\n")}\nreturn ${text};`)() as () => number;
  return Array.from({ length: size }, (_, x) => kernel.call({ thread: { x } } as never));
}

/** Coordinates of all elements, in row-major order. */
function coordinates(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (lists, size) => lists.flatMap((list) => Array.from({ length: size }, (_, i) => [...list, i])),
    [[]],
  );
}

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 });
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

test("an offset is the sum of coordinates times strides", () => {
  const views: fc.Arbitrary<View> = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      strides: fc.tuple(...shape.map(() => fc.nat(7))) as fc.Arbitrary<number[]>,
    }),
  );
  fc.assert(
    fc.property(views, (view) => {
      const expected = coordinates(view.shape).map((at) => dot(at, view.strides));
      expect(evaluated(sizeOf(view.shape), (body, at) => offsetText(body, at, view))).toEqual(expected);
    }),
  );
});

test("a text knows how often a thread comes to the heads of its loops", () => {
  const { rounds } = kernelText(0, (body) => {
    body.repeat(0, () => body.line("never"));
    body.repeat(10, () => body.repeat(3, () => body.repeat(5, () => body.line("inside"))));
    body.repeat(7, () => body.line("after"));
    return "0";
  });
  expect(rounds).toBe(11 + 10 * (4 + 3 * 6) + 8);
});

test("views that need no division have none", () => {
  const divides = (view: View): boolean =>
    kernelText(0, (body, at) => offsetText(body, at, view)).source.includes("quotient");
  expect(divides({ shape: [3, 4, 5], strides: stridesOf([3, 4, 5]) })).toBe(false);
  expect(divides(repeatedView([], [3, 4]))).toBe(false);
  expect(divides(repeatedView([3, 4], [1, 3, 4]))).toBe(false);
  expect(divides(repeatedView([4], [3, 4]))).toBe(true);
});

test("coordinates, and rows along axes", () => {
  fc.assert(
    fc.property(shapes, fc.nat(31), (shape, bits) => {
      const at = coordinates(shape);
      shape.forEach((_, axis) => {
        const found = evaluated(
          sizeOf(shape),
          (body, position) => coordinatesText(body, position, shape)[axis] as string,
        );
        expect(found).toEqual(at.map((list) => list[axis]));
      });
      const axes = shape.flatMap((_, axis) => ((bits >> axis) & 1 ? [axis] : []));
      const rows = rowsAlong(shape, axes);
      const starts = evaluated(rows.count, (body, row) => rows.start(body, row));
      const steps = evaluated(rows.length, (body, i) => rows.step(body, i));
      const all = starts.flatMap((start) => steps.map((step) => start + step));
      expect(all.toSorted((a, b) => a - b)).toEqual(at.map((_, i) => i));
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    }),
  );
});

test("quotients are whole however a device rounds", () => {
  const source = (textFunctions.quotient as { readonly source: string }).source;
  // a division that is a few units off, as shading languages allow
  for (const off of [1 - 3e-7, 1, 1 + 3e-7]) {
    const text = source.replaceAll("/ b", `/ b * ${off}`);
    const quotient = new Function(`return ${text};`)() as (a: number, b: number) => number;
    for (let a = 0; a < 2 ** 24; a += 9973)
      for (const b of [1, 2, 3, 7, 100, 4097]) expect(quotient(a, b)).toBe(Math.floor(a / b));
  }
});

test("a draw from 32 bits is the upper part of a product, in floats of 32 bits too", () => {
  const sources = ["upperBytes", "drawn"].map((name) => (textFunctions[name] as { readonly source: string }).source);
  const rounded = sources.join("\n").replace(/\w+ \* \w+/g, "Math.fround($&)");
  const single = rounded.replace(/(const \w+ =|return) (.*?);/g, "$1 Math.fround($2);");
  const drawn = new Function(`${single}\nreturn drawn;`)() as (high: number, low: number, n: number) => number;
  fc.assert(
    fc.property(fc.nat(2 ** 32 - 1), fc.integer({ min: 1, max: 2 ** 24 - 1 }), (bits, n) => {
      const expected = Number((BigInt(bits) * BigInt(n)) >> 32n);
      expect(drawn(Math.floor(bits / 65536), bits % 65536, n)).toBe(expected);
    }),
  );
});

test("numbers as text", () => {
  expect([numberText(-1.5), numberText(0), numberText(1e-7)]).toEqual(["(-1.5)", "0", "1e-7"]);
  const body = new Body();
  expect([body.let("v1"), body.let("12"), body.let("a + b")]).toEqual(["v1", "12", "v0"]);
});

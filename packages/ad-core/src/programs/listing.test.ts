import { describe, expect, test } from "vitest";
import {
  atSite,
  atZero,
  blend,
  first,
  grad,
  greater,
  hardtanh,
  isTrue,
  last,
  less,
  listing,
  max,
  mul,
  neg,
  norm2,
  relu,
  sum,
  type Tensor,
  tensor,
  trace,
  uniform,
  weights,
} from "../index.ts";

describe("a listing", () => {
  test("shows inputs, instructions with types and sites, and results", () => {
    const f = (p: { w: Tensor; b: Tensor }): Tensor[] => [sum(relu(mul(p.w, p.b), { site: "act" })), p.b];
    expect(listing(trace(f, [{ w: tensor([1, 2]), b: tensor([3, 4]) }]))).toMatchInlineSnapshot(`
      "program(%0: f64[2], %1: f64[2])
        %2  f64[2]  = mul(%1, %0)
        %3  f64[2]  = relu(%2) @act
        %4  f64[]   = sum(%3; [0])
        return %4, %0
      "
    `);
  });

  test("shows constants by their first four numbers, -0, NaN and infinities included", () => {
    const c = tensor([-0, NaN, -Infinity, 5e-324, 2]);
    const d = tensor([-0, 0.1, Infinity, 1e300]);
    expect(listing(trace((x: Tensor) => [mul(x, c), d, 3], [c]))).toMatchInlineSnapshot(`
      "program(%0: f64[5])
        c0 = f64[5] -0 NaN -Infinity 5e-324 ...
        c1 = f64[4] -0 0.1 Infinity 1e+300
        c2 = f64[] 3
        %1  f64[5]  = mul(%0, c0)
        return %1, c1, c2
      "
    `);
  });

  test("shows guards where they stand", () => {
    const f = (x: Tensor): Tensor =>
      atSite("step", () => (isTrue(greater(x, 0, { site: "up" })) ? (isTrue(less(x, 10)) ? mul(x, 2) : x) : neg(x)));
    expect(listing(trace(f, [tensor(3)]))).toMatchInlineSnapshot(`
      "program(%0: f64[])
        c0 = f64[] 0
        c1 = f64[] 10
        c2 = f64[] 2
        %1  bool[]  = less(c0, %0) @step/up
        guard %1 = true
        %2  bool[]  = less(%0, c1) @step
        guard %2 = true
        %3  f64[]   = mul(%0, c2) @step
        return %3
      "
    `);
  });

  test("shows a guard on an input, before the first instruction and after the last", () => {
    const f = (c: Tensor, x: Tensor): Tensor => (isTrue(c) ? x : neg(x));
    expect(listing(trace(f, [tensor(false), tensor(1)]))).toMatchInlineSnapshot(`
      "program(%0: bool[], %1: f64[])
        guard %0 = false
        %2  f64[]  = neg(%1)
        return %2
      "
    `);
    expect(listing(trace(f, [tensor(true), tensor(1)]))).toMatchInlineSnapshot(`
      "program(%0: bool[], %1: f64[])
        guard %0 = true
        return %1
      "
    `);
  });

  test("shows selections by their names, under the site of the kink", () => {
    const f = (x: Tensor): Tensor => sum(mul(relu(x, { site: "a" }), relu(x, { site: "b" })));
    const select = { "relu@a": last, "relu@b": blend(first, uniform, 0.5) };
    expect(listing(trace(grad(f, { select }), [tensor([0])]))).toMatchInlineSnapshot(`
      "program(%0: f64[1])
        c0 = f64[1] 0
        c1 = f64[1] 0
        c2 = f64[1] 1
        %1   f64[1]  = relu(%0) @a
        %2   f64[1]  = tieWeights(c0, %0; {"order":"max","along":false,"selection":"last","kink":0,"coefficients":[0,1],"masked":false}) @a
        %3   f64[1]  = relu(%0) @b
        %4   f64[1]  = tieWeights(c1, %0; {"order":"max","along":false,"selection":"blend(first, uniform, 0.5)","kink":0,"coefficients":[0,1],"masked":false}) @b
        %5   f64[1]  = mul(%1, %3)
        %6   f64[]   = sum(%5; [0])
        %7   f64[1]  = scaleBy(%3, c2)
        %8   f64[1]  = scaleBy(%1, c2)
        %9   f64[1]  = scaleBy(%4, %8) @b
        %10  f64[1]  = scaleBy(%2, %7) @a
        %11  f64[1]  = add(%9, %10)
        return %11
      "
    `);
  });

  test("shows a user's rule by its name, not by its table", () => {
    const rule = weights((ties) => [0.5, ...Array<number>(ties - 1).fill(0.5 / (ties - 1))], "half first");
    const text = listing(
      trace(
        grad((x: Tensor) => max(x), { select: { max: rule } }),
        [tensor([1, 1])],
      ),
    );
    expect(text).toContain('"selection":"half first"');
    expect(text.length).toBeLessThan(600);
  });

  test("shows settings that JSON lacks as it writes them", () => {
    const f = (x: Tensor): Tensor => hardtanh(x, { low: -0, high: Infinity });
    expect(listing(trace(f, [tensor([1])]))).toMatchInlineSnapshot(`
      "program(%0: f64[1])
        %1  f64[1]  = hardtanh.low(%0; {"number":"-0"})
        %2  f64[1]  = hardtanh.high(%1; {"number":"Infinity"})
        return %2
      "
    `);
  });

  test("shows a program without inputs, instructions and results", () => {
    expect(listing(trace(() => [], []))).toBe("program()\n  return \n");
  });

  test("shows the vector at the zero of a norm as a constant", () => {
    const f = grad((x: Tensor) => norm2(x), { select: { norm2: atZero("ones") } });
    expect(listing(trace(f, [tensor([0, 0])]))).toContain("c2 = f64[2] 1 1");
  });
});

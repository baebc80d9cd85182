import {
  abs,
  add,
  atSite,
  div,
  exp,
  hardtanh,
  leakyRelu,
  log1p,
  max,
  maximum,
  maxPool2d,
  median,
  minimum,
  mul,
  neg,
  norm1,
  norm2,
  normInf,
  relu,
  relu6,
  reshape,
  slice,
  sort,
  sqrt,
  square,
  squeeze,
  stack,
  sub,
  sum,
  type Tensor,
  tensor,
  zeros,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { bouligand } from "../index.ts";

const entry = (x: Tensor, i: number): Tensor => squeeze(slice(x, [i], [i + 1]));
type Scalar = (x: Tensor) => Tensor;

/** Gradients as texts, in ascending order. */
const texts = (gradients: readonly (readonly [unknown])[]): string[] =>
  gradients.map(([g]) => String(Array.from((g as Tensor).data, (v) => v + 0))).toSorted();

async function limits(f: Scalar, x: Tensor, options = {}) {
  const set = await bouligand(f, [x], options);
  return { ...set, gradients: texts(set.found.map(({ gradient }) => gradient)) };
}

const [zero, origin] = [tensor(0), zeros([2])];
const a18: Scalar = (x) => maximum(minimum(entry(x, 0), neg(entry(x, 1))), sub(entry(x, 1), entry(x, 0)));

describe("the functions whose limits of gradients are known", () => {
  const known: readonly [string, Scalar, Tensor, string[]][] = [
    ["A1", (x) => abs(x), zero, ["-1", "1"]],
    ["A2", (x) => relu(x), zero, ["0", "1"]],
    ["A3", (x) => leakyRelu(x, 0.25), zero, ["0.25", "1"]],
    ["A3, steep", (x) => leakyRelu(x, 3), zero, ["1", "3"]],
    ["A4, hardtanh", (x) => hardtanh(x), tensor(-1), ["0", "1"]],
    ["A4, relu6 at 6", (x) => relu6(x), tensor(6), ["0", "1"]],
    ["A5", (x) => maximum(entry(x, 0), entry(x, 1)), tensor([2, 2]), ["0,1", "1,0"]],
    ["A6", (x) => minimum(entry(x, 0), entry(x, 1)), tensor([2, 2]), ["0,1", "1,0"]],
    ["A7", (x) => max(x), tensor([3, 1, 3, 3]), ["0,0,0,1", "0,0,1,0", "1,0,0,0"]],
    ["A9", (x) => norm1(x), origin, ["-1,-1", "-1,1", "1,-1", "1,1"]],
    ["A10", (x) => normInf(x), origin, ["-1,0", "0,-1", "0,1", "1,0"]],
    ["A12", (x) => sub(abs(x), abs(x)), zero, ["0"]],
    ["A13", (x) => sub(relu(x), relu(neg(x))), zero, ["1"]],
    ["A14", (x) => add(relu(x), relu(neg(x))), zero, ["-1", "1"]],
    ["A15", (x) => abs(sub(abs(x), 1)), zero, ["-1", "1"]],
    ["A16", (x) => sub(abs(entry(x, 0)), abs(entry(x, 1))), origin, ["-1,-1", "-1,1", "1,-1", "1,1"]],
    ["A17", (x) => abs(sub(entry(x, 0), abs(entry(x, 1)))), origin, ["-1,-1", "-1,1", "1,-1", "1,1"]],
    ["A18", a18, origin, ["-1,1", "0,-1", "1,0"]],
    ["A27", (x) => square(abs(x)), zero, ["0"]],
  ];
  test.each(known)("%s", async (_, f, x, expected) => {
    const { gradients, complete, reason, arithmetic, claim, undecided } = await limits(f, x);
    expect(gradients).toEqual(expected);
    expect([complete, reason, arithmetic, claim]).toEqual([true, null, "exact", "all limits of gradients"]);
    expect(undecided).toEqual([]);
  });

  test("A8: disjoint windows choose on their own, overlapping ones only together", async () => {
    const pooled =
      (side: number, window: number, stride: number): Scalar =>
      (x) => {
        const cells = maxPool2d(reshape(x, [1, 1, side, side]), { window, stride });
        return sum(mul(reshape(cells, [-1]), tensor([1, 100, 10_000, 1_000_000])));
      };
    const [apart, overlapping] = [pooled(4, 2, 2), pooled(3, 2, 1)];
    expect((await limits(apart, zeros([16]))).gradients).toHaveLength(256);
    const found = await limits(overlapping, zeros([9]));
    expect(found.gradients).toHaveLength(150);
    expect([found.complete, found.arithmetic]).toEqual([true, "exact"]);
  });

  test("A26: a softplus in two parts has the one limit 1/2", async () => {
    const softplus: Scalar = (x) => add(relu(x), log1p(exp(neg(abs(x)))));
    expect((await limits(softplus, zero)).gradients).toEqual(["0.5"]);
  });

  test("orders: every order of three, and every middle of four", async () => {
    const sorted: Scalar = (x) => sum(mul(sort(x), tensor([1, 10, 100])));
    const { gradients } = await limits(sorted, zeros([3]));
    expect(gradients).toEqual(["1,10,100", "1,100,10", "10,1,100", "10,100,1", "100,1,10", "100,10,1"]);
    const middles = await limits((x) => median(x), tensor([5, 5, 1, 5, 9]));
    expect(middles.gradients).toEqual(["0,0,0,1,0", "0,1,0,0,0", "1,0,0,0,0"]);
    expect((await limits((x) => median(x), zeros([4]))).gradients).toHaveLength(6);
  });

  test("a run of a sorted row that ties beside others that do not", async () => {
    const sorted: Scalar = (x) => sum(mul(sort(x), tensor([1, 10, 100, 1000])));
    const { gradients, counts } = await limits(sorted, tensor([7, 2, 7, 2]));
    expect(gradients).toEqual(["100,1,1000,10", "100,10,1000,1", "1000,1,100,10", "1000,10,100,1"]);
    expect(counts.switches).toBe(2);
  });
});

describe("the line along which a limit is reached", () => {
  test("is a line along which the gradient is that limit", async () => {
    const { found } = await bouligand(a18, [origin]);
    for (const { gradient, direction, bend } of found) {
      const near = await bouligand(a18, [mul(direction[0] as Tensor, 2 ** -10)]);
      expect(texts(near.found.map((limit) => limit.gradient))).toEqual(texts([gradient as readonly [unknown]]));
      expect(bend).toBeNull();
    }
  });
});

describe("curved kinks", () => {
  const parabola: Scalar = (x) => sub(relu(entry(x, 1)), mul(2, relu(sub(entry(x, 1), square(entry(x, 0))))));

  test("a limit that no line reaches is found along a curve, and what is open is said", async () => {
    const { gradients, found, complete, reason, undecided, arithmetic } = await limits(parabola, origin);
    expect(gradients).toEqual(["0,-1", "0,0", "0,1"]);
    expect([complete, reason, arithmetic]).toEqual([false, "curved", "numerical"]);
    // y < 0 < y - x^2 has no point, which slopes do not say
    expect(texts(undecided as readonly (readonly [unknown])[])).toEqual(["0,-2"]);
    const bent = found.filter(({ bend }) => bend !== null);
    expect(texts(bent.map(({ gradient }) => gradient))).toEqual(["0,1"]);
  });

  test("what two curved kinks have in common counts: |x^2 - y| - |x^2 - y| is 0", async () => {
    const same: Scalar = (x) => {
      const u = (): Tensor => sub(square(entry(x, 0)), entry(x, 1));
      const one = u();
      return sub(abs(one), abs(neg(neg(one))));
    };
    const { gradients, complete, reason } = await limits(same, origin);
    expect([gradients, complete, reason]).toEqual([["0,0"], true, null]);
  });

  test("independent slopes leave nothing open, however curved the kinks are", async () => {
    const f: Scalar = (x) => add(abs(add(entry(x, 0), square(entry(x, 1)))), abs(add(entry(x, 1), exp(entry(x, 0)))));
    const { gradients, complete } = await limits(f, tensor([0, -1]));
    expect([gradients.length, complete]).toEqual([2, true]);
  });
});

describe("what is not complete says so", () => {
  test("a Euclidean norm at 0 has a limit for each direction", async () => {
    const { found, complete, reason, claim } = await bouligand((x: Tensor) => norm2(x), [origin]);
    expect([complete, reason]).toEqual([false, "ball"]);
    expect(claim).toContain("a limit for each direction");
    for (const { gradient } of found) expect(Math.hypot(...(gradient[0] as Tensor).data)).toBeCloseTo(1, 12);
  });

  test("a limit on the search", async () => {
    const { complete, reason, found, claim } = await bouligand((x: Tensor) => norm1(x), [zeros([12])], { limit: 100 });
    expect([complete, reason]).toEqual([false, "limit"]);
    expect(found.length).toBeGreaterThan(10);
    expect(claim).toContain("some limits of gradients");
  });

  test("a tolerance promises nothing", async () => {
    const f: Scalar = (x) => abs(sub(x, 0.3));
    expect((await limits(f, tensor(0.1 + 0.2))).gradients).toEqual(["1"]);
    const { gradients, claim, arithmetic } = await limits(f, tensor(0.1 + 0.2), { tolerance: 1e-9 });
    expect(gradients).toEqual(["-1", "1"]);
    expect([claim, arithmetic]).toEqual([
      "nothing for this point: numbers within 1e-9 were taken as equal",
      "numerical",
    ]);
  });

  test("numbers that were rounded make no exact claim", async () => {
    const { arithmetic, claim } = await limits((x) => abs(mul(x, 0.1)), tensor(0));
    expect([arithmetic, claim]).toEqual(["exact", "all limits of gradients"]);
    const rounded = await limits((x) => abs(sub(div(x, 3), 1 / 3)), tensor(1));
    expect([rounded.arithmetic, rounded.complete]).toEqual(["numerical", true]);
    expect(rounded.claim).toBe("all limits of gradients; up to rounding");
  });
});

describe("any arguments", () => {
  test("trees of tensors, integers among them, and sites", async () => {
    const f = ({ w, n }: { w: Tensor; n: Tensor }, b: Tensor): Tensor =>
      atSite("layer", () => add(sum(relu(add(w, b))), mul(sum(w), sum(add(mul(n, 0), 0)).shape.length)));
    const { found, complete } = await bouligand(f, [{ w: zeros([2]), n: tensor([3], { dtype: "i32" }) }, zero]);
    expect(complete).toBe(true);
    // 2 units with one bias: all four patterns
    expect(found.map(({ gradient: [g, h] }) => [...g.w.data, ...h.data].join()).toSorted()).toEqual([
      ...["0,0,0", "0,1,1", "1,0,1", "1,1,2"],
    ]);
    expect(found[0]?.gradient[0].n.dtype).toBe("i32");
  });

  test("a function without kinks has its gradient", async () => {
    const { gradients, complete, counts } = await limits((x) => square(x), tensor(3));
    expect([gradients, complete]).toEqual([["6"], true]);
    expect(counts).toEqual({ switches: 0, nodes: 0, programs: 0, refuted: 0 });
  });

  test("single precision", async () => {
    const { gradients } = await limits((x) => norm1(x), zeros([2], { dtype: "f32" }));
    expect(gradients).toEqual(["-1,-1", "-1,1", "1,-1", "1,1"]);
  });
});

describe("refusals", () => {
  test.each([
    ["a limit that is no count", { limit: 0 }, /limit.*a whole number from 1/],
    ["a seed that is none", { seed: -1 }, /seed/],
    ["a negative tolerance", { tolerance: -1 }, /tolerance/],
    ["a setting that it does not know", { steps: [1] }, /steps/],
  ])("%s", async (_, options, message) => {
    await expect(bouligand((x: Tensor) => abs(x), [zero], options as object)).rejects.toThrow(message);
  });

  test("several results, and points without derivatives", async () => {
    await expect(bouligand((x: Tensor) => stack([x, x]) as Tensor, [zero])).rejects.toThrow(/not scalar/);
    await expect(bouligand((x: Tensor) => sqrt(abs(x)), [zero])).rejects.toThrow(/sqrt has no derivative here/);
  });
});

import {
  abs,
  add,
  atKink,
  first,
  grad,
  last,
  max,
  mul,
  neg,
  norm1,
  norm2,
  relu,
  slice,
  square,
  squeeze,
  stack,
  sub,
  sum,
  type Tensor,
  tensor,
  uniform,
  zeros,
} from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { isClarke, isClarkeStationary } from "../index.ts";

const entry = (x: Tensor, i: number): Tensor => squeeze(slice(x, [i], [i + 1]));
const [zero, origin] = [tensor(0), zeros([2])];
type Scalar = (x: Tensor) => Tensor;
const texts = (x: Tensor): string => Array.from(x.data).join();
const identity: Scalar = (x) => sub(relu(x), relu(neg(x)));
const verdictOf = async (f: Scalar, x: Tensor, v: Tensor): Promise<string> => (await isClarke(f, [x], [v])).verdict;

describe("answers of backpropagation", () => {
  test("x written with two relus: only relu'(0) = 1/2 is right", async () => {
    for (const [s, verdict] of [
      ...([[0, "not a member"] as const, [0.5, "member"] as const, [1, "not a member"] as const] as const),
    ]) {
      const answer = grad(identity, { select: { relu: atKink(s) } })(zero);
      expect([s, await verdictOf(identity, zero, answer)]).toEqual([s, verdict]);
    }
  });

  test("overlapping windows: winners that no point has together are no element, equal shares are", async () => {
    // the same two cells in another order: whatever wins, it wins in both, and f is 0
    const f: Scalar = (x) => sub(max(x), max(stack([entry(x, 1), entry(x, 0)])));
    expect(texts(grad(f, { select: { max: first } })(origin))).toBe("1,-1");
    expect(await verdictOf(f, origin, grad(f, { select: { max: first } })(origin))).toBe("not a member");
    expect(await verdictOf(f, origin, grad(f, { select: { max: uniform } })(origin))).toBe("member");
  });
});

describe("certificates", () => {
  test("weights of limits that make the vector", async () => {
    const { verdict, mixture, arithmetic, claim } = await isClarke(
      (x: Tensor) => norm1(x),
      [origin],
      [tensor([0.25, -0.5])],
    );
    expect([verdict, arithmetic, claim]).toEqual(["member", "exact", "an element of the Clarke subdifferential"]);
    const made = [0, 1].map((i) =>
      mixture.reduce(
        (total, { weight, limit }) => total + weight * ((limit.gradient[0] as Tensor).data[i] as number),
        0,
      ),
    );
    expect(made[0]).toBeCloseTo(0.25, 15);
    expect(made[1]).toBeCloseTo(-0.5, 15);
  });

  test("a direction along which it is larger than all elements", async () => {
    const { verdict, direction, gap, claim } = await isClarke((x: Tensor) => norm1(x), [origin], [tensor([3, 0])]);
    expect([verdict, claim]).toEqual(["not a member", "no element of the Clarke subdifferential"]);
    expect(Array.from((direction as [Tensor])[0].data, (v) => v + 0)).toEqual([1, 0]);
    expect(gap).toBe(2);
  });

  test("shares that rounding has moved are members up to rounding", async () => {
    const thirds = grad((x: Tensor) => max(x))(zeros([3]));
    const { verdict, claim } = await isClarke((x: Tensor) => max(x), [zeros([3])], [thirds]);
    expect([verdict, claim]).toEqual(["member", "an element of the Clarke subdifferential, up to rounding"]);
  });

  test("giving 1 to every tie is no element", async () => {
    expect(await verdictOf((x) => max(x), origin, tensor([1, 1]))).toBe("not a member");
    expect(await verdictOf((x) => max(x), origin, tensor([0, 0]))).toBe("not a member");
    expect(await verdictOf((x) => max(x), origin, tensor([0.5, 0]))).toBe("not a member");
  });
});

describe("norms at 0", () => {
  test.each([
    ["inside of the ball", [0.6, -0.7], "member"],
    ["on its sphere", [0.6, 0.8], "member"],
    ["its center", [0, 0], "member"],
    ["outside", [0.8, 0.8], "not a member"],
    ["NaN", [Number.NaN, 0], "not a member"],
  ] as const)("%s", async (_, v, verdict) => {
    expect(await verdictOf((x) => norm2(x), origin, tensor([...v]))).toBe(verdict);
  });

  test("a sum of independent norms, moved and scaled", async () => {
    const f = (x: Tensor, y: Tensor): Tensor => add(add(mul(2, norm2(x)), norm2(y)), sum(mul(x, 5)));
    const at = [origin, origin] as const;
    const inside = await isClarke(f, [...at], [tensor([5, 6.9]), tensor([0.7, 0.7])]);
    expect(inside.verdict).toBe("member");
    const outside = await isClarke(f, [...at], [tensor([5, 7.1]), tensor([0, 0])]);
    expect([outside.verdict, outside.gap?.toFixed(9)]).toEqual(["not a member", "0.100000000"]);
  });

  test("beside other kinks what is not among the limits that were found is undecided", async () => {
    const f: Scalar = (x) => add(norm2(x), abs(entry(x, 0)));
    const { verdict, reason, claim } = await isClarke(f, [origin], [tensor([9, 9])]);
    expect([verdict, reason]).toEqual(["undecided", "ball"]);
    expect(claim).toContain("a Euclidean norm is 0 here");
  });
});

describe("what the search leaves open", () => {
  const parabola: Scalar = (x) => sub(relu(entry(x, 1)), mul(2, relu(sub(entry(x, 1), square(entry(x, 0))))));

  test("is decided where the open candidates do not matter", async () => {
    expect(await verdictOf(parabola, origin, tensor([0, 0.5]))).toBe("member");
    expect(await verdictOf(parabola, origin, tensor([1, 0]))).toBe("not a member");
    expect(await verdictOf(parabola, origin, tensor([0, -1.5]))).toBe("undecided");
  });

  test("a limit on the search leaves what is not found undecided", async () => {
    const { verdict, reason } = await isClarke((x: Tensor) => norm1(x), [zeros([12])], [tensor(Array(12).fill(2))], {
      limit: 50,
    });
    expect([verdict, reason]).toEqual(["undecided", "limit"]);
  });
});

describe("stationary points", () => {
  test.each<[string, Scalar, Tensor, string]>([
    ["|x|", (x) => abs(x), zero, "member"],
    ["||x| - 1| at its local maximum", (x) => abs(sub(abs(x), 1)), zero, "member"],
    ["a saddle", (x) => sub(abs(entry(x, 0)), abs(entry(x, 1))), origin, "member"],
    ["x written with two relus, where backpropagation says 0", identity, zero, "not a member"],
    ["the largest of two", (x) => max(x), origin, "not a member"],
  ])("%s", async (_, f, x, verdict) => {
    expect((await isClarkeStationary(f, [x])).verdict).toBe(verdict);
  });
});

test("a vector unlike the arguments is refused", async () => {
  await expect(isClarke((x: Tensor) => abs(x), [zero], [tensor([1, 2])])).rejects.toThrow(
    /the vector has another shape/,
  );
  await expect(isClarke((x: Tensor) => abs(x), [zero], [] as never)).rejects.toThrow(/isClarke/);
  expect(grad(identity, { select: { relu: last } })(zero).data[0]).toBe(2);
});

import { describe, expect, test, vi } from "vitest";
import { errorOf, refuses, wrong } from "../../laws/refusals.ts";
import * as ad from "../index.ts";
import { AdError, type Tensor, tensor } from "../index.ts";

const total = (x: Tensor): Tensor => ad.sum(x);

const two = tensor([1, 2]);
const three = tensor([1, 2, 3]);

describe("traced tensors stay inside their transform", () => {
  /** A traced tensor that its transform has let go. */
  function kept(): Tensor {
    let found: Tensor | undefined;
    ad.grad((x: Tensor) => {
      found = x;
      return ad.sum(x);
    })(two);
    return found as Tensor;
  }
  refuses("escaped", [
    [
      "reading numbers inside is refused",
      "data",
      () => ad.grad((x: Tensor) => ad.mul(x, x.data[0] as number))(tensor(3)),
    ],
    [
      "reading numbers inside jvp is refused",
      "data",
      () => ad.jvp((x: Tensor) => ad.mul(x, x.data[0] as number), [tensor(3)], [tensor(1)]),
    ],
    ["reading numbers afterwards is refused", "data", () => kept().data],
    ["an operation afterwards is refused", "apply", () => ad.square(kept())],
    ["a condition afterwards is refused", "apply", () => ad.isTrue(ad.sum(kept()))],
    ["another transform afterwards is refused", "apply", () => ad.grad((x: Tensor) => ad.sum(ad.mul(x, kept())))(two)],
    ["another transform at it is refused", "apply", () => ad.grad(total)(kept())],
    [
      "a value of an inner transform is refused outside of it",
      "apply",
      () =>
        ad.grad((x: Tensor) => {
          let inner: Tensor | undefined;
          ad.grad((y: Tensor) => {
            inner = ad.square(y);
            return inner;
          })(x);
          return ad.add(x, inner as Tensor);
        })(tensor(1)),
    ],
    [
      "a pullback that keeps values of an ended transform is refused",
      "apply",
      () => {
        let pullback: ((gy: Tensor) => unknown) | undefined;
        ad.grad((x: Tensor) => {
          const [y, back] = ad.vjp((v: Tensor) => ad.square(v), [x]);
          pullback = back;
          return y;
        })(tensor(1));
        return pullback?.(tensor(1));
      },
    ],
    [
      "checkpoint refuses a captured value",
      "apply",
      () => ad.grad((x: Tensor) => ad.checkpoint((v: Tensor) => ad.mul(v, x))(x))(tensor(1)),
    ],
    [
      "checkpoint refuses a captured value in forward mode",
      "apply",
      () => ad.jvp((x: Tensor) => ad.checkpoint((v: Tensor) => ad.mul(v, x))(x), [tensor(1)], [tensor(1)]),
    ],
    [
      "customDerivative refuses a captured value",
      "apply",
      () =>
        ad.grad((x: Tensor) => ad.customDerivative((v: Tensor) => ad.mul(v, x), { vjp: (_args, _y, gy) => [gy] })(x))(
          tensor(1),
        ),
    ],
  ]);
});

describe("asynchronous functions are refused", () => {
  const later = async (x: Tensor): Promise<Tensor> => ad.square(x);
  refuses("unsupported", [
    ["by grad", "grad", () => ad.grad(wrong(later))(tensor(1)), { got: "a promise" }],
    ["by vjp", "vjp", () => ad.vjp(later, [tensor(1)]), { got: "a promise" }],
    ["by jvp", "jvp", () => ad.jvp(later, [tensor(1)], [tensor(1)]), { got: "a promise" }],
    ["by checkpoint", "checkpoint", () => ad.checkpoint(later)(tensor(1)), { got: "a promise" }],
    ["as arguments of grad", "grad", () => ad.grad(total)(wrong(Promise.resolve(two))), { got: "a promise" }],
    ["as parts of a result", "vjp", () => ad.vjp((x: Tensor) => [x, later(x)], [tensor(1)]), { got: "a promise" }],
  ]);
});

describe("a second copy of the package is recognised", () => {
  async function another(): Promise<typeof ad> {
    vi.resetModules();
    return await import("../index.ts");
  }

  test("the second copy is another one", async () => {
    const second = await another();
    expect(second.tensor).not.toBe(ad.tensor);
    expect(Array.from(second.add(second.tensor(1), 2).data)).toEqual([3]);
  });

  test("its tensors are refused as operands, arguments, results and conditions", async () => {
    const foreign = (await another()).tensor([1, 2]);
    const bodies: readonly (() => unknown)[] = [
      () => ad.add(foreign, two),
      () => ad.sum(foreign),
      () => ad.matmul(two, foreign),
      () => ad.apply(ad.corePrimitives.neg, [foreign], null),
      () => ad.grad(total)(foreign),
      () => ad.grad((_x: Tensor) => foreign)(two),
      () => ad.jvp(total, [two], [foreign]),
      () => ad.isTrue(foreign),
    ];
    for (const body of bodies) {
      expect(errorOf(body)).toMatchObject({
        code: "unsupported",
        details: { expected: "one copy of the package", got: "two" },
      });
    }
  });

  test("its traced tensors are refused too", async () => {
    const second = await another();
    const crossed = (): unknown => second.grad((x) => ad.sum(x))(second.tensor([1, 2]));
    expect(errorOf(crossed)).toMatchObject({ code: "unsupported", where: "sum" });
  });

  test("its selections are plain data and fit", async () => {
    const second = await another();
    expect(Array.from(ad.grad((x: Tensor) => ad.relu(x), { select: { relu: second.last } })(0).data)).toEqual([1]);
  });
});

describe("a transform that fails leaves the engine as it was", () => {
  const fails = (x: Tensor): Tensor => {
    ad.add(x, three);
    return x;
  };
  const breakers: Readonly<Record<string, () => unknown>> = {
    grad: () => ad.grad(fails)(two),
    jvp: () => ad.jvp(fails, [two], [two]),
    vjp: () => ad.vjp(fails, [two]),
    hessian: () => ad.hessian(fails, [two]),
    atSite: () => ad.atSite("here", () => fails(two)),
    checkpoint: () => ad.grad((x: Tensor) => ad.sum(ad.checkpoint(fails)(x)))(two),
    "an inner grad": () => ad.grad((x: Tensor) => ad.sum(ad.grad(fails)(x)))(two),
    "a custom rule": () =>
      ad.grad(
        ad.customDerivative((x: Tensor) => ad.sum(x), {
          vjp: () => {
            throw new AdError({ code: "shape", where: "me", problem: "", expected: "", got: "", remedy: "" });
          },
        }),
      )(two),
  };

  test.each(Object.entries(breakers))("after an error inside %s eager calls and gradients work", (_name, body) => {
    expect(errorOf(body).code).toBe("shape");
    expect(Array.from(ad.add(two, 1).data)).toEqual([2, 3]);
    expect(ad.isTrue(ad.less(1, 2))).toBe(true);
    expect(Array.from(ad.grad((x: Tensor) => ad.sum(ad.square(x)))(two).data)).toEqual([2, 4]);
  });

  test("an error of an inner transform may be caught, and the outer one goes on", () => {
    const f = (x: Tensor): Tensor => {
      expect(errorOf(() => ad.grad(fails)(x)).code).toBe("shape");
      return ad.sum(ad.square(x));
    };
    expect(Array.from(ad.grad(f)(two).data)).toEqual([2, 4]);
  });

  test("after an error the prefix of atSite is gone", () => {
    expect(errorOf(() => ad.atSite("gone", () => fails(two))).code).toBe("shape");
    const select = { "relu@gone": ad.last };
    expect(errorOf(() => ad.grad((x: Tensor) => ad.sum(ad.relu(x)), { select })(two)).code).toBe("selection");
  });
});

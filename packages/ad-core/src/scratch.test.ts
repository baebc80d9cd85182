import { test } from "vitest";
import * as ad from "./index.ts";
import { type Tensor, tensor } from "./index.ts";

const show = (name: string, f: () => unknown) => {
  let out: unknown;
  try {
    const r = f() as Tensor;
    out = r?.data
      ? `${r.dtype}[${r.shape}] ${Array.from(r.data, (v) => (Object.is(v, -0) ? "-0" : String(v))).join(" ")}`
      : JSON.stringify(r);
  } catch (e) {
    out = String(e);
  }
  process.stdout.write(`${name}: ${out}\n`);
};
test("x", () => {
  show("any([-1,0])", () => ad.any(tensor([-1, 0])));
  show("all([1,-1,0])", () => ad.all(tensor([1, -1, 0])));
  const ck = ad.checkpoint((v: Tensor) => ad.add(ad.mul(v, 2 ** -53), ad.mul(v, 2 ** -53)));
  const plain = (v: Tensor) => ad.add(ad.mul(v, 2 ** -53), ad.mul(v, 2 ** -53));
  show("ck bits", () => ad.grad((x: Tensor) => ad.add(ck(x), ad.mul(x, 1)))(1));
  show("plain bits", () => ad.grad((x: Tensor) => ad.add(plain(x), ad.mul(x, 1)))(1));
  const inner = (v: Tensor) => ad.relu(v, { site: "act" });
  show("ck site plain", () =>
    ad.grad((x: Tensor) => ad.atSite("b", () => inner(x)), { select: { "relu@b/act": ad.last } })(0),
  );
  show("ck site", () =>
    ad.grad((x: Tensor) => ad.atSite("b", () => ad.checkpoint(inner)(x)), { select: { "relu@b/act": ad.last } })(0),
  );
  show(
    "ck site jvp",
    () =>
      ad.jvp((x: Tensor) => ad.atSite("b", () => ad.checkpoint(inner)(x)), [tensor(0)], [tensor(1)], {
        select: { "relu@b/act": ad.last },
      })[1],
  );
  show("ck site outer", () =>
    ad.grad(
      (x: Tensor) =>
        ad.grad((v: Tensor) => ad.atSite("b", () => ad.square(ad.checkpoint(inner)(v))), { select: { relu: ad.last } })(
          x,
        ),
      { select: { "relu@b/act": ad.last } },
    )(0),
  );
  show("plain site outer", () =>
    ad.grad(
      (x: Tensor) =>
        ad.grad((v: Tensor) => ad.atSite("b", () => ad.square(inner(v))), { select: { relu: ad.last } })(x),
      { select: { "relu@b/act": ad.last } },
    )(0),
  );
  show("lse nan", () => ad.grad((x: Tensor) => ad.logSumExp(x))(tensor([NaN, 1])));
  show("pool -inf uniform", () =>
    ad.grad((x: Tensor) => ad.sum(ad.maxPool2d(x, { window: 2, padding: 1 })), { select: { maxPool2d: ad.uniform } })(
      ad.full([1, 1, 2, 2], -Infinity),
    ),
  );
  show("pool -inf first", () =>
    ad.grad((x: Tensor) => ad.sum(ad.maxPool2d(x, { window: 2, padding: 1 })))(ad.full([1, 1, 2, 2], -Infinity)),
  );
  show("pool empty", () => ad.maxPool2d(ad.zeros([1, 1, 0, 2]), { window: 2, padding: 1 }));
  show("leaky inf 0", () => ad.leakyRelu(tensor(Infinity), 0));
  show("leaky -inf 0", () => ad.leakyRelu(tensor(-Infinity), 0));
  show("leaky grad 0 slope", () => ad.grad((x: Tensor) => ad.leakyRelu(x, 0))(tensor(Infinity)));
  show("abs min i32", () => ad.abs(tensor(-2147483648, { dtype: "i32" })));
  show("pow hess 0,1", () =>
    ad.hessian(({ a, b }: { a: Tensor; b: Tensor }) => ad.pow(a, b), [{ a: tensor(0), b: tensor(1) }]),
  );
  const H = (a: number, b: number) =>
    show(`pow H ${a},${b}`, () =>
      ad.hessian(
        (x: Tensor) => ad.pow(ad.reshape(ad.slice(x, [0], [1]), []), ad.reshape(ad.slice(x, [1], [2]), [])),
        [tensor([a, b])],
      ),
    );
  H(0, 0);
  H(0, 1);
  H(0, 2);
  H(2, 0);
  H(2, 2);
  H(0, 3);
  show("any f64", () => ad.any(tensor([NaN])));
  show("add bool", () => ad.add(tensor(true), tensor(true)));
  show("neg bool", () => ad.neg(tensor(true)));
  show("prod bool", () => ad.prod(tensor([true, false])));
  show("jacF int out", () => ad.jacobianForward((x: Tensor) => ad.argmax(x, { axis: 0 }), [tensor([1, 2])]));
  show("jacR int out", () => ad.jacobianReverse((x: Tensor) => ad.argmax(x, { axis: 0 }), [tensor([1, 2])]));
  show("jacF cast", () => ad.jacobianForward((x: Tensor) => ad.cast(x, "f32"), [tensor([1, 2])]));
  show("jacR cast", () => ad.jacobianReverse((x: Tensor) => ad.cast(x, "f32"), [tensor([1, 2])]));
  show("norm2 empty", () => ad.norm2(ad.zeros([0])));
  show("prod empty", () => ad.grad((x: Tensor) => ad.prod(x))(ad.zeros([0])));
  show("sel unused site", () =>
    ad.grad((x: Tensor) => ad.add(x, ad.relu(ad.stopGradient(x), { site: "s" })), { select: { "relu@s": ad.last } })(1),
  );
  show("hess wrt list", () =>
    ad.hessian((x: Tensor, y: Tensor) => ad.mul(x, y), [tensor(2), tensor(3)], { wrt: [0, 1] }),
  );
  show("conv batch0", () =>
    ad.grad((w: Tensor) => ad.sum(ad.conv2d(ad.zeros([0, 1, 2, 2]), w)))(ad.ones([1, 1, 1, 1])),
  );
  show("sqrt second", () => ad.grad((x: Tensor) => ad.grad((v: Tensor) => ad.sqrt(v))(x))(0));
  show("broadcast grad scalar f32 number", () =>
    ad.grad((x: Tensor) => ad.sum(ad.add(x, 1)))(tensor([1], { dtype: "f32" })),
  );
});

// The operations of random programs: each plays a hand. One that refuses its operands is left out of its program.

import type { Tensor } from "@nonsmooth/ad-core";
import * as core from "@nonsmooth/ad-core";
import type { Hand } from "./hand.ts";

type Operation = (hand: Hand) => Tensor;
type Unary = (x: Tensor) => Tensor;
type Binary = (a: Tensor, b: Tensor) => Tensor;

const reals: readonly Unary[] = [
  ...[core.exp, core.expm1, core.log, core.log1p, core.sin, core.cos, core.tanh, core.erf, core.sqrt, core.sigmoid],
  ...[core.softplus, core.silu, core.gelu, core.floor, core.sign, core.isFinite, core.square],
  ...[core.relu6, (x: Tensor) => core.leakyRelu(x, 0.25), (x: Tensor) => core.elu(x, 0.5), core.hardtanh],
];
const numbers: readonly Unary[] = [core.neg, core.abs, core.relu, core.stopGradient, core.square];
const binary: readonly Binary[] = [core.add, core.sub, core.mul, core.maximum, core.minimum, core.div, core.pow];
const comparisons: readonly Binary[] = [core.less, core.lessEqual, core.greater, core.greaterEqual, core.equal];
const logic: readonly Binary[] = [core.and, core.or];

type Reduction = (x: Tensor, options: core.AxisOptions) => Tensor;
const reductions: readonly Reduction[] = [
  ...[core.sum, core.mean, core.max, core.min, core.prod, core.median, core.variance, core.logSumExp],
  ...[core.norm1, core.norm2, core.normInf],
];

const condition = (hand: Hand): Tensor => {
  const a = hand.any();
  return a.dtype === "bool" ? a : hand.one(comparisons)(a, hand.beside(a));
};

/** Whole numbers that are indices below a size, or seldom not. */
const indices = (hand: Hand, below: number): Tensor => {
  const raw = core.cast(core.abs(hand.any()), "i32");
  const most = hand.number(8) === 0 ? below : below - 1;
  return core.minimum(core.maximum(raw, core.tensor(0, { dtype: "i32" })), core.tensor(most, { dtype: "i32" }));
};

/** A key of random numbers that depends on a value. */
const keyOf = (hand: Hand): Tensor => core.broadcastTo(core.cast(core.sum(hand.any()), "i32"), [2]);

const pooling = (hand: Hand): core.PoolingOptions => {
  const window = [1 + hand.number(3), 1 + hand.number(3)] as const;
  const padding = [hand.number(1 + (window[0] >> 1)), hand.number(1 + (window[1] >> 1))] as const;
  return { window, padding, stride: [1 + hand.number(2), 1 + hand.number(3)] };
};

/** Where values only move: what may share memory, or be read where it lies. */
const moves: readonly Operation[] = [
  (hand) => {
    const x = hand.any();
    const order = x.shape.map((_, i) => i);
    for (let i = order.length - 1; i > 0; i--) {
      const j = hand.number(i + 1);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    return core.transpose(x, order);
  },
  (hand) => {
    const x = hand.any();
    return core.transpose(hand.ofRank(2, x));
  },
  (hand) => {
    const x = hand.any();
    return core.reshape(x, hand.factors(x.shape.reduce((product, n) => product * n, 1)));
  },
  (hand) => {
    const x = hand.any();
    const start = x.shape.map((n) => hand.number(Math.min(n, 3) + 1));
    return core.slice(
      x,
      start,
      x.shape.map((n, i) => Math.max(start[i] as number, n - hand.number(3))),
    );
  },
  (hand) => {
    const x = hand.any();
    return core.pad(
      x,
      x.shape.map(() => hand.number(3)),
      x.shape.map(() => hand.number(3)),
    );
  },
  (hand) => {
    const x = hand.any();
    const axis = hand.axis(x);
    return core.concatenate(
      Array.from({ length: 1 + hand.number(4) }, () => hand.one([x, x, hand.beside(x)])),
      axis,
    );
  },
  (hand) => {
    const x = hand.any();
    return core.broadcastTo(x, [1 + hand.number(5), ...x.shape.map((n) => (n === 1 ? hand.one([1, 3, 7]) : n))]);
  },
  (hand) => core.tril(hand.ofRank(2, hand.any()), hand.number(5) - 2),
  (hand) => core.apply(core.barrierPrimitive, [hand.any()], null),
];

const elementwise: readonly Operation[] = [
  (hand) => hand.one(reals)(hand.real()),
  (hand) => hand.one(numbers)(hand.any()),
  (hand) => {
    const a = hand.any();
    return hand.one(binary)(a, hand.beside(a));
  },
  (hand) => {
    const a = hand.any();
    return hand.one(binary)(hand.beside(a), a);
  },
  (hand) => {
    const a = hand.any();
    return hand.one(binary)(a, hand.constant(hand.one([[], a.shape, a.shape.slice(-1)]), a.dtype));
  },
  condition,
  (hand) => hand.one(logic)(condition(hand), condition(hand)),
  (hand) => core.not(condition(hand)),
  (hand) => {
    const a = hand.any();
    return core.where(condition(hand), a, hand.beside(a));
  },
  (hand) => core.cast(hand.any(), hand.dtype()),
  (hand) => {
    const a = hand.any();
    return core.clamp(a, { low: hand.beside(a), high: hand.beside(a) });
  },
];

const structured: readonly Operation[] = [
  (hand) => {
    const x = hand.any();
    return hand.one(reductions)(x, hand.axes(x));
  },
  (hand) => {
    const x = hand.any();
    return hand.one([core.any, core.all])(condition(hand), hand.axes(x));
  },
  (hand) => {
    const x = hand.any();
    return hand.one([core.argmax, core.argmin])(x, { axis: hand.axis(x) });
  },
  (hand) => {
    const x = hand.any();
    return core.cumsum(x, { axis: hand.axis(x), reverse: hand.number(2) === 0 });
  },
  (hand) => {
    const x = hand.any();
    return core.sort(x, { axis: hand.axis(x), descending: hand.number(2) === 0 });
  },
  (hand) => {
    const x = hand.real();
    return hand.one([core.softmax, core.logSoftmax])(x, { axis: hand.axis(x) });
  },
  (hand) => core.layerNorm(hand.real(), { epsilon: 0.5 }),
  (hand) => {
    const x = hand.any();
    const axis = hand.axis(x);
    return core.gather(x, indices(hand, x.shape[axis] ?? 1), { axis });
  },
  (hand) => {
    const x = hand.any();
    const axis = hand.axis(x);
    const at = core.slice(hand.ofRank(1, indices(hand, x.shape[axis] ?? 1)), [0], [1 + hand.number(3)]);
    return core.scatterAdd(x, at, core.gather(x, at, { axis }), { axis });
  },
  (hand) => core.oneHot(indices(hand, 3), 3, hand.dtype()),
  (hand) => core.randomUniform(keyOf(hand), hand.any().shape, { dtype: hand.dtype() }),
  (hand) => core.randomNormal(hand.one(core.split(keyOf(hand))), hand.any().shape, { dtype: hand.dtype() }),
];

const products: readonly Operation[] = [
  (hand) => {
    const a = hand.ofRank(2, hand.real());
    const b = hand.ofRank(2, hand.beside(a));
    return core.matmul(hand.one([a, core.transpose(a)]), hand.one([b, core.transpose(b), a, core.transpose(a)]));
  },
  (hand) => {
    const a = hand.real();
    return core.matmul(a, hand.one([a, core.transpose(a), hand.beside(a)]));
  },
  (hand) => {
    const image = hand.ofRank(4, hand.real());
    const shape = [1 + hand.number(3), image.shape[1] ?? 1, 1 + hand.number(3), 1 + hand.number(3)];
    const ends = shape.map((n, i) => Math.min(n, image.shape[i] ?? 1));
    const filter = hand.number(2) === 0 ? hand.constant(shape, image.dtype) : core.slice(image, [0, 0, 0, 0], ends);
    return core.conv2d(image, filter, { stride: 1 + hand.number(2), padding: [hand.number(2), hand.number(3)] });
  },
  (hand) => core.maxPool2d(hand.ofRank(4, hand.real()), pooling(hand)),
  (hand) => core.avgPool2d(hand.ofRank(4, hand.real()), pooling(hand)),
  (hand) => core.normPool2d(hand.ofRank(4, hand.real()), pooling(hand)),
];

const branches: readonly Operation[] = [
  (hand) => {
    const a = hand.any();
    const total = core.greater(core.sum(core.cast(a, "f64")), hand.number(3) - 1);
    return core.isTrue(total) ? core.add(a, a) : core.neg(a);
  },
];

/** Families with how often each is drawn. */
export const families: readonly (readonly [weight: number, family: readonly Operation[]])[] = [
  [6, elementwise],
  [4, moves],
  [4, structured],
  [2, products],
  [0.25, branches],
];

/** The gradient of an operation at one of the values that it takes. */
export const gradientOf =
  (operation: Operation, select: core.Select): Operation =>
  (hand) => {
    const x = hand.real();
    const loss = (at: Tensor): Tensor => {
      const inner = hand.with(at);
      const y = operation(inner);
      return core.sum(core.mul(core.cast(y, "f64"), 0.5));
    };
    return core.grad(loss, { select })(x) as Tensor;
  };

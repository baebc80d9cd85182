import { compile, type DType, grad, mul, reference, sum, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import { wasm } from "@nonsmooth/ad-wasm";
import { expect, test } from "vitest";
import { activationOf, type Chosen, poolOf } from "./choices.ts";

/** Two images full of ties, zeros of both signs, numbers whose multiples overflow in 16 bits, and a NaN. */
function images(dtype: DType): Tensor {
  const few = [1, 0, -0, 6, -2, 1, 333, 6, 0.25, 1];
  const cells = Array.from({ length: 72 }, (_, i) => (i === 70 ? NaN : (few[(i * i + 3 * i) % few.length] as number)));
  return tensor(cells, { shape: [2, 1, 6, 6], dtype });
}

const choices: [string, Chosen][] = [
  ...["max", "minimal", "beta:10", "beta-coded:10", "beta-coded:1000", "norm:2"].map(
    (text) => [text, poolOf(text)] as [string, Chosen],
  ),
  ...["relu:0.5", "relu-assign:0.5", "relu6:0.5,0.25", "relu6-assign:0.5,0.25"].map(
    (text) => [text, activationOf(text)] as [string, Chosen],
  ),
];

test.each(choices)(
  "%s: the recorded gradient has the same bits on wasm as by definition",
  (_text, { layer, select }) => {
    const loss = (x: Tensor): Tensor => {
      const { y } = layer.apply({ params: {}, state: {} }, x, { training: true, key: null });
      return sum(mul(y, y));
    };
    for (const dtype of ["f64", "f32", "f16", "bf16"] as const) {
      const x = images(dtype);
      const gradient = grad(loss, { select });
      const program = trace(gradient, [x]);
      const [defined, onWasm] = [reference(), wasm({ threads: 2 })].map((machine) =>
        compile(program, machine).run([x]),
      );
      expect(onWasm).toEqual(defined);
      expect(defined).toEqual(gradient(x));
      expect(onWasm).not.toEqual(mul(x, 0));
    }
  },
);

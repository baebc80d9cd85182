/** With vectors of 256 bits: the bits of the reference, on hosts that have them. */
import { add, conv2d, grad, matmul, relu, reshape, square, sum, type Tensor } from "@nonsmooth/ad-core";
import { conforms } from "@nonsmooth/ad-testing";
import { afterAll, describe, test } from "vitest";
import { wasm } from "../src/index.ts";
import { expectConforms } from "./conform.ts";
import { numbers } from "./numbers.ts";

const machine = wasm({ wide: true, threads: 2 });
const skipped = machine.wideReason === null ? "" : ` (skipped: ${machine.wideReason})`;

/** The gradient of a small network for both of its weights. */
const gradient = (image: Tensor, filter: Tensor, weights: Tensor): readonly Tensor[] =>
  grad(([first, second]: readonly [Tensor, Tensor]) => {
    const hidden = relu(conv2d(image, first, { padding: 1 }));
    const rows = reshape(hidden, [image.shape[0] as number, weights.shape[0] as number]);
    return add(sum(square(matmul(rows, second))), sum(hidden));
  })([filter, weights]);

describe.skipIf(!machine.wide)(`vectors of 256 bits${skipped}`, () => {
  afterAll(() => machine.dispose());

  test("in random programs", () => conforms(machine, { runs: 60 }));

  test.each(["f64", "f32", "f16", "bf16"] as const)("in gradients of a network, %s", (dtype) => {
    for (const batch of [3, 8, 37]) {
      const shapes = [
        [batch, 3, 6, 5],
        [9, 3, 3, 3],
        [270, 21],
      ];
      expectConforms(
        machine,
        gradient,
        shapes.map((shape, i) => numbers(shape, dtype, i + batch, "none")),
      );
    }
  });
});

// What a machine does at a kink: measured on it, with the layers and selections of a run.
import { compile, grad, type Machine, sum, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import type { Layer } from "@nonsmooth/nets/layers";
import type { Choices } from "./choices.ts";

/** Derivatives at kinks. */
export interface Measured {
  /** Of the ReLU at 0. */
  readonly slope: number;
  /** Of the maximum of four cells that tie, with respect to each. */
  readonly shares: readonly number[];
}

/** The derivative of a layer, as numbers. */
async function derivativeOf(machine: Machine, { select }: Choices, layer: Layer, x: Tensor): Promise<number[]> {
  const total = (v: Tensor): Tensor => sum(layer.apply({ params: {}, state: {} }, v, { training: true, key: null }).y);
  const running = compile(
    trace((v: Tensor) => grad(total, { select })(v), [x]),
    machine,
  );
  const { data } = (await running.run([x])) as Tensor;
  running.dispose();
  return Array.from(data);
}

/** Measures what choices do. */
export async function measureKinks(machine: Machine, choices: Choices): Promise<Measured> {
  const [zero, ones] = [
    tensor([0], { dtype: "f32" }),
    tensor(
      [
        [
          [
            [1, 1],
            [1, 1],
          ],
        ],
      ],
      { dtype: "f32" },
    ),
  ];
  const [slope] = await derivativeOf(machine, choices, choices.activation, zero);
  return { slope: slope as number, shares: await derivativeOf(machine, choices, choices.pool, ones) };
}

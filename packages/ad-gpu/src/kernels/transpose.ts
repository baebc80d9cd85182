// Axes in another order.
import { offsetText, sizeOf, stridesOf } from "../text/positions.ts";
import { type Kernel, oneStage } from "./kernel.ts";

export const transpose: Kernel<readonly number[]> = ({ inputs: [x], output: { shape }, params: order }) => {
  const own = stridesOf(x.shape);
  const strides = order.map((axis) => own[axis] as number);
  return oneStage(1, sizeOf(shape), (body, at, [a]) => `${a}[${offsetText(body, at, { shape, strides })}]`);
};

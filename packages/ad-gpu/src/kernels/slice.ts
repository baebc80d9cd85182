// A box out of a tensor.
import { offsetText, sizeOf, stridesOf, sumText } from "../text/positions.ts";
import { type Kernel, oneStage } from "./kernel.ts";

export const slice: Kernel<{ readonly start: readonly number[] }> = ({
  inputs: [x],
  output: { shape },
  params: { start },
}) => {
  const strides = stridesOf(x.shape);
  const corner = start.reduce((total, n, axis) => total + n * (strides[axis] as number), 0);
  return oneStage(1, sizeOf(shape), (body, at, [a]) => {
    const offset = offsetText(body, at, { shape, strides });
    return `${a}[${sumText([String(corner), offset])}]`;
  });
};

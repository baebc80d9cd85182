// A tensor in a larger box of zeros.
import { coordinatesText, sizeOf, stridesOf, sumText, timesText } from "../text/positions.ts";
import { type Kernel, oneStage } from "./kernel.ts";

export const pad: Kernel<{ readonly before: readonly number[] }> = ({
  inputs: [x],
  output: { shape },
  params: { before },
}) => {
  const strides = stridesOf(x.shape);
  return oneStage(1, sizeOf(shape), (body, at, [a]) => {
    const result = body.variable("0");
    const own = coordinatesText(body, at, shape).map((c, axis) => body.variable(`${c} - ${before[axis]}`));
    const isInside = own.flatMap((c, axis) => [`${c} >= 0`, `${c} < ${x.shape[axis]}`]).join(" && ");
    const offset = sumText(own.map((c, axis) => timesText(c, strides[axis] as number)));
    if (sizeOf(x.shape) > 0) body.if(isInside || "true", () => body.set(result, `${a}[${offset}]`));
    return result;
  });
};

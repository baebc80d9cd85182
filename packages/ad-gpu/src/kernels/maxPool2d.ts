// The largest cell of each window; cells in the padding are none.
import type { Windows } from "@nonsmooth/ad-core";
import { sizeOf } from "../text/positions.ts";
import { type Kernel, oneStage } from "./kernel.ts";
import { isInside, windowPlace, windowSizes } from "./windows.ts";

export const maxPool2d: Kernel<Windows> = ({ inputs: [x], output, params }) => {
  const sizes = windowSizes(x.shape, params);
  const { window, height, width } = sizes;
  return oneStage(1, sizeOf(output.shape), (body, at, [a]) => {
    const { plane, top, left } = windowPlace(body, at, sizes);
    const [best, begun] = [body.variable("0"), body.variable("0")];
    for (let cell = 0; cell < window[0] * window[1]; cell++) {
      const y = body.variable(`${top} + ${Math.floor(cell / window[1])}`);
      const column = body.variable(`${left} + ${cell % window[1]}`);
      const take = (): void => {
        const value = body.variable(`${a}[(${plane} * ${height} + ${y}) * ${width} + ${column}]`);
        body.if(
          `${begun} > 0.5`,
          () => body.set(best, `larger(${best}, ${value})`),
          () => body.set(best, value),
        );
        body.set(begun, "1");
      };
      const inside = isInside(y, column, sizes);
      if (inside === "") take();
      else body.if(inside, take);
    }
    return best;
  });
};

// The cells of windows, each in a place of its own.
import type { Windows } from "@nonsmooth/ad-core";
import { numberText } from "../text/body.ts";
import { sizeOf } from "../text/positions.ts";
import { type Kernel, stage } from "./kernel.ts";
import { isInside, windowPlace, windowSizes } from "./windows.ts";

export const unfold: Kernel<Windows & { readonly fill: number }> = ({ inputs: [x], output, params }) => {
  const sizes = windowSizes(x.shape, params);
  const { window, height, width } = sizes;
  const cells = window[0] * window[1];
  const isPlain = Number.isFinite(params.fill);
  const build = stage(
    [0, ...(isPlain ? [] : [{ data: [params.fill] }])],
    sizeOf(output.shape),
    (body, at, [a, fill]) => {
      const place = body.variable(`quotient(${at}, ${cells})`);
      const cell = body.variable(`${at} - ${place} * ${cells}`);
      const line = body.variable(`quotient(${cell}, ${window[1]})`);
      const { plane, top, left } = windowPlace(body, place, sizes);
      const y = body.variable(`${top} + ${line}`);
      const column = body.variable(`${left} + ${cell} - ${line} * ${window[1]}`);
      const pixel = `${a}[(${plane} * ${height} + ${y}) * ${width} + ${column}]`;
      const inside = isInside(y, column, sizes);
      if (inside === "") return pixel;
      const result = body.variable(isPlain ? numberText(params.fill) : `${fill}[0]`);
      body.if(inside, () => body.set(result, pixel));
      return result;
    },
  );
  return { stages: [build] };
};

// Convolution: each output sums over input channels and the taps of its window, in order, and skips the padding.
import type { Geometry } from "@nonsmooth/ad-core";
import type { Body } from "../text/body.ts";
import { sizeOf } from "../text/positions.ts";
import { convolutionSizes } from "./convolutionSizes.ts";
import { type Kernel, oneStage, withShader } from "./kernel.ts";
import { conv2dShader } from "./shaders/conv2d.ts";
import { isInside } from "./windows.ts";

/** A sum whose first term is taken as it is. */
export function begunSum(body: Body): { readonly total: string; readonly add: (term: string) => void } {
  const [total, begun] = [body.variable("0"), body.variable("0")];
  const add = (term: string): void => {
    const value = body.variable(term);
    body.if(
      `${begun} > 0.5`,
      () => body.set(total, `${total} + ${value}`),
      () => body.set(total, value),
    );
    body.set(begun, "1");
  };
  return { total, add };
}

export const conv2d: Kernel<Geometry> = ({ output, params }) => {
  const sizes = convolutionSizes(params);
  const { inChannels, outChannels, height, width, window, rows, columns, stride, padding } = sizes;
  const work = oneStage(2, sizeOf(output.shape), (body, at, [image, filter]) => {
    const line = body.variable(`quotient(${at}, ${columns})`);
    const plane = body.variable(`quotient(${line}, ${rows})`);
    const sample = body.variable(`quotient(${plane}, ${outChannels})`);
    const weights = body.variable(`(${plane} - ${sample} * ${outChannels}) * ${inChannels * window[0] * window[1]}`);
    const top = body.variable(`(${line} - ${plane} * ${rows}) * ${stride[0]} - ${padding[0]}`);
    const left = body.variable(`(${at} - ${line} * ${columns}) * ${stride[1]} - ${padding[1]}`);
    const { total, add } = begunSum(body);
    body.repeat(inChannels, (channel) => {
      const pixels = body.variable(`(${sample} * ${inChannels} + ${channel}) * ${height * width}`);
      const taps = body.variable(`${weights} + ${channel} * ${window[0] * window[1]}`);
      body.repeat(window[0], (i) => {
        const y = body.variable(`${top} + ${i}`);
        body.repeat(window[1], (j) => {
          const x = body.variable(`${left} + ${j}`);
          const product = `${image}[${pixels} + ${y} * ${width} + ${x}] * ${filter}[${taps} + ${i} * ${window[1]} + ${j}]`;
          const inside = isInside(y, x, sizes);
          if (inside === "") add(product);
          else body.if(inside, () => add(product));
        });
      });
    });
    return total;
  });
  return withShader(work, conv2dShader(sizes));
};

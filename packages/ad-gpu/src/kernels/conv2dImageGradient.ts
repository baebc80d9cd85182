// The gradient of a convolution in its image: each pixel sums over output channels and taps, in order.
import type { Geometry } from "@nonsmooth/ad-core";
import { sizeOf } from "../text/positions.ts";
import { begunSum } from "./conv2d.ts";
import { convolutionSizes } from "./convolutionSizes.ts";
import { type Kernel, oneStage, withShader } from "./kernel.ts";
import { conv2dImageGradientShader } from "./shaders/conv2dImageGradient.ts";

export const conv2dImageGradient: Kernel<Geometry> = ({ params }) => {
  const sizes = convolutionSizes(params);
  const { inChannels, outChannels, height, width, window, rows, columns, stride, padding } = sizes;
  const perFilter = window[0] * window[1];
  const work = oneStage(2, sizeOf(params.image), (body, at, [output, filter]) => {
    const line = body.variable(`quotient(${at}, ${width})`);
    const plane = body.variable(`quotient(${line}, ${height})`);
    const sample = body.variable(`quotient(${plane}, ${inChannels})`);
    const channel = body.variable(`${plane} - ${sample} * ${inChannels}`);
    const y = body.variable(`${line} - ${plane} * ${height} + ${padding[0]}`);
    const x = body.variable(`${at} - ${line} * ${width} + ${padding[1]}`);
    const { total, add } = begunSum(body);
    body.repeat(outChannels, (k) => {
      const values = body.variable(`(${sample} * ${outChannels} + ${k}) * ${rows * columns}`);
      const taps = body.variable(`(${k} * ${inChannels} + ${channel}) * ${perFilter}`);
      body.repeat(window[0], (i) => {
        const down = body.variable(`${y} - ${i}`);
        const row = body.variable(stride[0] === 1 ? down : `Math.floor((${down} + 0.5) / ${stride[0]})`);
        body.repeat(window[1], (j) => {
          const across = body.variable(`${x} - ${j}`);
          const column = body.variable(stride[1] === 1 ? across : `Math.floor((${across} + 0.5) / ${stride[1]})`);
          const meets = [
            ...[`${row} >= 0`, `${row} < ${rows}`, `${column} >= 0`, `${column} < ${columns}`],
            ...(stride[0] === 1 ? [] : [`${row} * ${stride[0]} === ${down}`]),
            ...(stride[1] === 1 ? [] : [`${column} * ${stride[1]} === ${across}`]),
          ].join(" && ");
          const product = `${output}[${values} + ${row} * ${columns} + ${column}] * ${filter}[${taps} + ${i} * ${window[1]} + ${j}]`;
          body.if(meets, () => add(product));
        });
      });
    });
    return total;
  });
  return withShader(work, conv2dImageGradientShader(sizes));
};

// The gradient of a convolution in its filter: a sum over the places of each sample, in order, then over the samples.
import type { Geometry } from "@nonsmooth/ad-core";
import { sizeOf } from "../text/positions.ts";
import { begunSum } from "./conv2d.ts";
import { convolutionSizes } from "./convolutionSizes.ts";
import { after, type Kernel, type Stage, stage } from "./kernel.ts";
import { add as plus, reductionStages } from "./reduction.ts";
import { conv2dFilterGradientShader } from "./shaders/conv2dFilterGradient.ts";
import { isInside } from "./windows.ts";

export const conv2dFilterGradient: Kernel<Geometry> = ({ params }) => {
  const [batch, weights] = [params.image[0] as number, sizeOf(params.filter)];
  const samples = reductionStages({
    ...{ reads: [{ stage: -1 }], count: weights, length: batch, combine: plus },
    row:
      (_body, weight, [partial]) =>
      (_inner, sample) =>
        `${partial}[(${sample}) * ${weights} + ${weight}]`,
  });
  return { stages: after([sampleStage(params)], samples) };
};

/** The gradient of each sample. */
function sampleStage(params: Geometry): Stage {
  const sizes = convolutionSizes(params);
  const { batch, inChannels, outChannels, height, width, window, rows, columns, stride, padding } = sizes;
  const made = stage([0, 1], batch * sizeOf(params.filter), (body, at, [image, output]) => {
    const line = body.variable(`quotient(${at}, ${window[1]})`);
    const plane = body.variable(`quotient(${line}, ${window[0]})`);
    const filter = body.variable(`quotient(${plane}, ${inChannels})`);
    const sample = body.variable(`quotient(${filter}, ${outChannels})`);
    const tapRow = body.variable(`${line} - ${plane} * ${window[0]} - ${padding[0]}`);
    const tapColumn = body.variable(`${at} - ${line} * ${window[1]} - ${padding[1]}`);
    const pixels = body.variable(
      `(${sample} * ${inChannels} + ${plane} - ${filter} * ${inChannels}) * ${height * width}`,
    );
    const values = body.variable(`${filter} * ${rows * columns}`);
    const { total, add } = begunSum(body);
    body.repeat(rows, (i) => {
      const y = body.variable(`${i} * ${stride[0]} + ${tapRow}`);
      body.repeat(columns, (j) => {
        const x = body.variable(`${j} * ${stride[1]} + ${tapColumn}`);
        const product = `${image}[${pixels} + ${y} * ${width} + ${x}] * ${output}[${values} + ${i} * ${columns} + ${j}]`;
        const inside = isInside(y, x, sizes);
        if (inside === "") add(product);
        else body.if(inside, () => add(product));
      });
    });
    return total;
  });
  const shader = conv2dFilterGradientShader(sizes);
  return shader ? { ...made, shader } : made;
}

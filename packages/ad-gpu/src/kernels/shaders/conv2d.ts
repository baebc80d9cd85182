// Convolution by blocks of output channels and neighbouring columns.
import type { ConvolutionSizes } from "../convolutionSizes.ts";
import type { Shader } from "../kernel.ts";
import { isWorthwhile } from "./shader.ts";
import { blockOf, slidingShader } from "./sliding.ts";
import { isNarrow, outputAxis } from "./taps.ts";

/** A shader for a convolution, or nothing where the text of the kernel is as good: for little work and very wide windows. */
export function conv2dShader(sizes: ConvolutionSizes): Shader | undefined {
  const { batch, inChannels, outChannels, height, width, window, rows, columns, stride, padding } = sizes;
  const products = batch * inChannels * outChannels * rows * columns * window[0] * window[1];
  if (!isWorthwhile(products) || !isNarrow(window[1])) return undefined;
  const block = blockOf({ batch, channels: outChannels, rows, columns, window: window[1], multiple: 1 });
  return slidingShader({
    ...{ batch, sourceChannels: inChannels, resultChannels: outChannels, block, step: block.columns * stride[1] },
    rows: outputAxis(height, rows, window[0], stride[0], padding[0]),
    columns: outputAxis(width, columns, window[1], stride[1], padding[1]),
    filter: { source: window[0] * window[1], result: inChannels * window[0] * window[1] },
    rowLoop: {
      first: `max(0, ${padding[0]} - row * ${stride[0]})`,
      below: `min(${window[0]}, ${height + padding[0]} - row * ${stride[0]})`,
      ...{ step: 1, row: `row * ${stride[0]} - ${padding[0]} + i` },
    },
  });
}

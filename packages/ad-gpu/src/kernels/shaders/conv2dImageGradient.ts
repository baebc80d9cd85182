// The gradient of a convolution in its image, by blocks of input channels and neighbouring columns.
import type { ConvolutionSizes } from "../convolutionSizes.ts";
import type { Shader } from "../kernel.ts";
import { isWorthwhile } from "./shader.ts";
import { blockOf, slidingShader } from "./sliding.ts";
import { isNarrow, pixelAxis } from "./taps.ts";

/**
 * A shader for the gradient, or nothing where the text of the kernel is as good: for little work, and very wide windows
 * and strides. A block has whole strides of columns, so that each of its columns meets the same taps everywhere.
 */
export function conv2dImageGradientShader(sizes: ConvolutionSizes): Shader | undefined {
  const { batch, inChannels, outChannels, height, width, window, rows, columns, stride, padding } = sizes;
  const products = batch * inChannels * outChannels * rows * columns * window[0] * window[1];
  if (!isWorthwhile(products) || !isNarrow(window[1]) || !isNarrow(stride[1])) return undefined;
  const block = blockOf({
    ...{ batch, channels: inChannels, rows: height, columns: width, window: window[1], multiple: stride[1] },
  });
  return slidingShader({
    ...{ batch, sourceChannels: outChannels, resultChannels: inChannels, block, step: block.columns / stride[1] },
    rows: pixelAxis(height, rows, window[0], stride[0], padding[0]),
    columns: pixelAxis(width, columns, window[1], stride[1], padding[1]),
    filter: { source: inChannels * window[0] * window[1], result: window[0] * window[1] },
    // From the row of the window that reads the last output, or the first row that the stride leads to.
    rowLoop: {
      first: `max((row + ${padding[0]}) % ${stride[0]}, row + ${padding[0]} - ${(rows - 1) * stride[0]})`,
      below: `min(${window[0]}, row + ${padding[0] + 1})`,
      ...{ step: stride[0], row: `(row + ${padding[0]} - i) / ${stride[0]}` },
    },
  });
}

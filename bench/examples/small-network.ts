import { batchNorm2d, conv2d, flatten, type Layer, linear, sequential } from "@nonsmooth/nets/layers";

interface Options {
  readonly classes: number;
  readonly batchNorm: boolean;
  readonly activation: Layer;
  readonly pool: Layer;
  readonly width?: number;
}

/** Two convolutions, each with an activation and a pooling, and one linear layer. */
export const network = ({ classes, batchNorm, activation, pool, width = 8 }: Options): Layer =>
  sequential({
    conv1: conv2d(width, { window: 3, padding: 1 }),
    ...(batchNorm ? { norm1: batchNorm2d() } : {}),
    activation1: activation,
    pool1: pool,
    conv2: conv2d(2 * width, { window: 3, padding: 1 }),
    activation2: activation,
    pool2: pool,
    flatten: flatten(),
    scores: linear(classes),
  });

// A tensor repeated to fill a shape.
import type { Shape } from "@nonsmooth/ad-core";
import { offsetText, repeatedView, sizeOf } from "../text/positions.ts";
import { type Kernel, oneStage } from "./kernel.ts";

export const broadcastTo: Kernel<Shape> = ({ inputs: [x], params: shape }) =>
  oneStage(1, sizeOf(shape), (body, at, [a]) => `${a}[${offsetText(body, at, repeatedView(x.shape, shape))}]`);

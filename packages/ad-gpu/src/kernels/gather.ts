// Slices by their numbers.
import { sizeOf } from "../text/positions.ts";
import { outOfRange } from "./faults.ts";
import { type Kernel, oneStage } from "./kernel.ts";

export const gather: Kernel<number> = ({ inputs: [x, indices], output, params: axis }) => {
  const [length, count] = [x.shape[axis] as number, sizeOf(indices.shape)];
  const inner = sizeOf(x.shape.slice(axis + 1));
  const work = oneStage(2, sizeOf(output.shape), (body, at, [a, numbers]) => {
    const slice = body.variable(`quotient(${at}, ${inner})`);
    const block = body.variable(`quotient(${slice}, ${count})`);
    const index = body.variable(`${numbers}[${slice} - ${block} * ${count}]`);
    return `${a}[(${block} * ${length} + ${index}) * ${inner} + ${at} - ${slice} * ${inner}]`;
  });
  return { ...work, faults: outOfRange(1, count, length) };
};

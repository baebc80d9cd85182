// Slices added at their numbers, in the order in which they come: each element looks for those that meet it.
import { sizeOf } from "../text/positions.ts";
import { outOfRange } from "./faults.ts";
import { type Kernel, oneStage, withShader } from "./kernel.ts";
import { scatterAddShader } from "./shaders/scatterAdd.ts";

export const scatterAdd: Kernel<number> = ({ inputs: [x, indices], params: axis }) => {
  const [length, count] = [x.shape[axis] as number, sizeOf(indices.shape)];
  const inner = sizeOf(x.shape.slice(axis + 1));
  const work = oneStage(3, sizeOf(x.shape), (body, at, [a, numbers, updates]) => {
    const slice = body.variable(`quotient(${at}, ${inner})`);
    const block = body.variable(`quotient(${slice}, ${length})`);
    const index = body.variable(`${slice} - ${block} * ${length}`);
    const start = body.variable(`${block} * ${count * inner} + ${at} - ${slice} * ${inner}`);
    const total = body.variable(`${a}[${at}]`);
    body.repeat(count, (k) => {
      body.if(`${numbers}[${k}] === ${index}`, () =>
        body.set(total, `${total} + ${updates}[${start} + ${k} * ${inner}]`),
      );
    });
    return total;
  });
  const outer = sizeOf(x.shape.slice(0, axis));
  return {
    ...withShader(work, scatterAddShader({ outer, length, inner, count })),
    faults: outOfRange(1, count, length),
  };
};

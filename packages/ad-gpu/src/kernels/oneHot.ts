// Labels as rows of zeros with a one.
import { sizeOf } from "../text/positions.ts";
import { outOfRange } from "./faults.ts";
import { type Kernel, oneStage } from "./kernel.ts";

export const oneHot: Kernel<{ readonly classes: number }> = ({ inputs: [labels], params: { classes } }) => {
  const count = sizeOf(labels.shape);
  const work = oneStage(1, count * classes, (body, at, [a]) => {
    const row = body.variable(`quotient(${at}, ${classes})`);
    const result = body.variable("0");
    body.if(`${a}[${row}] === ${at} - ${row} * ${classes}`, () => body.set(result, "1"));
    return result;
  });
  return { ...work, faults: outOfRange(0, count, classes) };
};

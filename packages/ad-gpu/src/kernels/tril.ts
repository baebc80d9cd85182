// The lower triangle of matrices.
import { sizeOf } from "../text/positions.ts";
import { type Kernel, oneStage } from "./kernel.ts";

export const tril: Kernel<number> = ({ output: { shape }, params: diagonal }) => {
  const [height, width] = shape.slice(-2) as [number, number];
  return oneStage(1, sizeOf(shape), (body, at, [a]) => {
    const row = body.variable(`quotient(${at}, ${width})`);
    const column = body.variable(`${at} - ${row} * ${width}`);
    const inMatrix = body.variable(`${row} - ${height} * quotient(${row}, ${height})`);
    const result = body.variable("0");
    body.if(`${column} - ${inMatrix} <= ${diagonal}`, () => body.set(result, `${a}[${at}]`));
    return result;
  });
};

// Running sums: each element adds up those before it.
import { rowsAlong, sizeOf, stridesOf } from "../text/positions.ts";
import { type Kernel, oneStage, withShader } from "./kernel.ts";
import { cumsumShader } from "./shaders/cumsum.ts";

export const cumsum: Kernel<{ readonly axis: number; readonly reverse: boolean }> = ({
  inputs: [{ shape }],
  params: { axis, reverse },
}) => {
  const { length } = rowsAlong(shape, [axis]);
  const stride = stridesOf(shape)[axis] as number;
  const work = oneStage(1, sizeOf(shape), (body, at, [a]) => {
    const above = body.variable(`quotient(${at}, ${stride})`);
    const place = body.variable(`${above} - ${length} * quotient(${above}, ${length})`);
    const first = body.variable(
      reverse ? `${at} + (${length - 1} - ${place}) * ${stride}` : `${at} - ${place} * ${stride}`,
    );
    const terms = body.variable(reverse ? `${length - 1} - ${place}` : place);
    const total = body.variable(`${a}[${first}]`);
    body.repeat(length - 1, (round) => {
      const next = `${first} ${reverse ? "-" : "+"} (${round} + 1) * ${stride}`;
      body.if(`${round} < ${terms}`, () => body.set(total, `${total} + ${a}[${next}]`));
    });
    return total;
  });
  const outer = sizeOf(shape.slice(0, axis));
  return withShader(work, cumsumShader({ outer, length, inner: stride, reverse }));
};

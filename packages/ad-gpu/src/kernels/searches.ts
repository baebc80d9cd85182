// Where the largest and the smallest of rows are: the first of those that tie.
import { rowsAlong, sumText } from "../text/positions.ts";
import { type Kernel, oneStage } from "./kernel.ts";

const search =
  (order: "<" | ">"): Kernel<number> =>
  ({ inputs: [{ shape }], params: axis }) => {
    const rows = rowsAlong(shape, [axis]);
    return oneStage(1, rows.count, (body, at, [a]) => {
      const start = body.let(rows.start(body, at));
      const element = (i: string): string => `${a}[${sumText([start, rows.step(body, i)])}]`;
      const best = body.variable(element("0"));
      const place = body.variable("0");
      body.repeat(rows.length - 1, (round) => {
        const i = body.variable(`${round} + 1`);
        const x = body.variable(element(i));
        const isBetter = body.variable(`${x} ${order} ${best} ? 1 : 0`);
        body.if(`isNumber(${x}) < 0.5 && isNumber(${best}) > 0.5`, () => body.set(isBetter, "1"));
        body.if(`${isBetter} > 0.5`, () => {
          body.set(best, x);
          body.set(place, i);
        });
      });
      return place;
    });
  };

export const argmax: Kernel<number> = search(">");
export const argmin: Kernel<number> = search("<");

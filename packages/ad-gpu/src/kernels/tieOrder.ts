// The order in which a selection puts rows whose elements tie.
import { sizeOf } from "../text/positions.ts";
import { after, type Kernel, stage } from "./kernel.ts";
import { cyclic, runOf } from "./runs.ts";
import { drawnRank, shareReads, type Weighing } from "./shares.ts";
import { sortedRows } from "./sorted.ts";

export const tieOrder: Kernel<Weighing> = ({ inputs: [{ shape }], params }) => {
  const [size, width] = [sizeOf(shape), shape.at(-1) as number];
  if (size === 0) return { stages: [] };
  const sorted = sortedRows(0, { count: size / width, width });
  const { first, last } = params.selection;
  const order = stage([0, { stage: -1 }, ...shareReads(params, size)], size, (body, at, [a, values, draws]) => {
    const row = body.variable(`${width} * quotient(${at}, ${width})`);
    const value = body.variable(`${values}[${at}]`);
    const { start, ties } = runOf(body, a as string, row, width, value);
    const drawn = (): string => drawnRank(body, draws as string, body.variable(`${row} + ${start}`), ties);
    const picked = first === 1 ? "0" : last === 1 ? `${ties} - 1` : drawn();
    // number `place - start` of the run, counted from the one that is picked
    const wanted = cyclic(body, body.variable(`${at} - ${row} - ${start} + ${picked}`), "0", ties);
    const [rank, found] = [body.variable("0"), body.variable("0")];
    body.repeat(width, (i) => {
      body.if(`isTied(${a}[${row} + ${i}], ${value}) > 0.5`, () => {
        body.if(`${rank} === ${wanted}`, () => body.set(found, `${row} + ${i}`));
        body.set(rank, `${rank} + 1`);
      });
    });
    return found;
  });
  return { stages: after(sorted, [order]) };
};

// Tensors one after the other along an axis: two at a time, for a device binds few buffers at once.
import type { Body } from "../text/body.ts";
import { sizeOf } from "../text/positions.ts";
import { type Kernel, type Read, type Stage, stage } from "./kernel.ts";

/** The most tensors that one stage joins. */
const together = 6;

/** One part: what it is, and how many neighbouring elements it brings for each place before the axis. */
interface Part {
  readonly read: Read;
  readonly length: number;
}

export const concatenate: Kernel<number> = ({ inputs, output: { shape }, params: axis }) => {
  const outer = sizeOf(shape.slice(0, axis));
  let parts: Part[] = inputs.map((input, i) => ({ read: i, length: sizeOf(input.shape.slice(axis)) }));
  parts = parts.filter(({ length }) => length > 0);
  const stages: Stage[] = [];
  while (stages.length === 0 || parts.length > 1) {
    const [now, later] = [parts.slice(0, together), parts.slice(together)];
    stages.push(joined(now, outer));
    parts = [{ read: { stage: stages.length - 1 }, length: lengthOf(now) }, ...later];
  }
  return { stages };
};

const lengthOf = (parts: readonly Part[]): number => parts.reduce((total, { length }) => total + length, 0);

function joined(parts: readonly Part[], outer: number): Stage {
  const total = lengthOf(parts);
  const reads = parts.map(({ read }) => read);
  return stage(reads, outer * total, (body, at, args) => {
    const block = body.variable(`quotient(${at}, ${total})`);
    const inside = body.variable(`${at} - ${block} * ${total}`);
    const result = body.variable("0");
    take(body, { parts, args, block, inside, result }, 0, 0);
    return result;
  });
}

interface Taking {
  readonly parts: readonly Part[];
  readonly args: readonly string[];
  readonly block: string;
  readonly inside: string;
  readonly result: string;
}

/** Reads from the part in which the element lies, from part number `k` on, which begins at `start`. */
function take(body: Body, taking: Taking, k: number, start: number): void {
  const { parts, args, block, inside, result } = taking;
  const { length } = parts[k] as Part;
  const read = (): void => body.set(result, `${args[k]}[${block} * ${length} + ${inside} - ${start}]`);
  if (k === parts.length - 1) read();
  else body.if(`${inside} < ${start + length}`, read, () => take(body, taking, k + 1, start + length));
}

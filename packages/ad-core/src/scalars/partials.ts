// The partial derivatives of one instruction, read off its statement on doubles: what the generated sweeps leave aside.
import { doubles } from "../arithmetic/numbers.ts";
import type { Primitive } from "../door/primitive.ts";
import type { PairKink } from "../elementary/statement.ts";
import type { Choices, Mix } from "./choices.ts";
import { operationAt } from "./instructions.ts";
import { firstAt, type Handle, secondAt } from "./opcodes.ts";
import type { ScalarPoint } from "./point.ts";
import type { ScalarProgram } from "./program.ts";
import { joined, siteAt } from "./sites.ts";

/** Where a program stands inside the one that a run began with. */
export interface Frame {
  /** Where the calls say it is. */
  readonly site: string;
  /** How many instructions passed before it; asked for where something is drawn. */
  readonly position: () => number;
}

/** The frame of the program that a run begins with. */
export const outermost: Frame = { site: "", position: () => 0 };

/** Where cell `i` of a program stands, and with it a program that is called there. */
export const frameAt = (program: ScalarProgram, i: Handle, frame: Frame): Frame => ({
  site: joined(frame.site, siteAt(program.sites, i)),
  position: () => frame.position() + (program.positions()[i] as number),
});

/** One partial for each operand; 0 for those that carry no derivative. */
export function partialsAt(point: ScalarPoint, i: Handle, frame: Frame, choices: Choices): [number, number] {
  const { program, values } = point;
  const { code } = program;
  const { statement, record } = operationAt(program, i);
  const a = values[firstAt(code, i)] as number;
  const b = statement.arity === 2 ? (values[secondAt(code, i)] as number) : a;
  const { kink, partials, residual } = statement;
  if (kink) {
    const branches = kink.branches(doubles, a, b);
    const mix = alone(kink, branches) ?? choices.mix(record as Primitive, kink, branches, frameAt(program, i, frame));
    return pair(kink.partials.map((partial) => partial(doubles, mix, a, b)));
  }
  const y = values[i] as number;
  const r = residual?.(doubles, y, a, b) ?? 0;
  return pair((partials ?? []).map((partial) => partial(doubles, y, a, b, r)));
}

const pair = ([p = 0, q = 0]: readonly number[]): [number, number] => [p, q];

/** The mix where one branch is extreme alone: it takes all. */
function alone({ order }: PairKink, [first, second]: readonly [number, number]): Mix | null {
  if (!(first < second || second < first)) return null;
  const isFirst = first > second === (order === "max");
  return (p, q) => (isFirst ? p : q);
}

// The share of a branch that ties, as text.
import type { TieParams } from "@nonsmooth/ad-core";
import { drawAt, shareOf } from "@nonsmooth/ad-core/machines";
import { type Body, numberText } from "../text/body.ts";
import type { Read } from "./kernel.ts";

type Selection = TieParams["selection"];

/** What decides at ties, and what its numbers are. */
export interface Weighing {
  readonly selection: Selection;
  readonly kink: number;
}

/** A user's rule is known for at most this many branches. */
const mostTabulated = 64;

/** Numbers that a stage needs besides its operands: the table of a user's rule, or draws in halves of 16 bits, one for each kink. */
export function shareReads({ selection, kink }: Weighing, kinks: number): Read[] {
  if (selection.table) return [{ data: tableOf(selection) }];
  if (selection.drawn === 0) return [];
  const draws = Array.from({ length: kinks }, (_, at) => drawAt(selection, kink, at));
  return [{ data: draws.flatMap((draw) => [Math.floor(draw / 65536), draw % 65536]) }];
}

/** Rows of weights for 1, 2, ... branches, one after the other. */
const tableOf = (selection: Selection): number[] =>
  Array.from({ length: mostTabulated }, (_, i) => i + 1).flatMap((ties) =>
    Array.from({ length: ties }, (_, rank) => shareOf(selection, rank, ties, 0)),
  );

/** The rank among `ties` branches that is drawn for kink number `kink`. */
export function drawnRank(body: Body, draws: string, kink: string, ties: string): string {
  const high = body.variable(`${draws}[2 * ${kink}]`);
  const low = body.variable(`${draws}[2 * ${kink} + 1]`);
  return body.variable(`drawn(${high}, ${low}, ${ties})`);
}

/** The share of the branch of some rank among those that tie. */
export function shareText(
  body: Body,
  { selection }: Weighing,
  { rank, ties, kink, numbers }: { rank: string; ties: string; kink: string; numbers: string | undefined },
): string {
  const { first, last, each, drawn, table } = selection;
  const share = body.variable("1");
  body.if(`${ties} > 1.5`, () => {
    if (table) {
      body.set(share, `${numbers}[${ties} * (${ties} - 1) / 2 + ${rank}]`);
      return;
    }
    body.set(share, each === 0 ? "0" : `${numberText(each)} / ${ties}`);
    if (first !== 0) body.if(`${rank} === 0`, () => body.set(share, `${share} + ${numberText(first)}`));
    if (last !== 0) body.if(`${rank} === ${ties} - 1`, () => body.set(share, `${share} + ${numberText(last)}`));
    if (drawn === 0) return;
    const picked = drawnRank(body, numbers as string, kink, ties);
    body.if(`${rank} === ${picked}`, () => body.set(share, `${share} + ${numberText(drawn)}`));
  });
  return share;
}

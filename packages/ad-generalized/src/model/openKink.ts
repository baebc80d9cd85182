// What an instruction takes of its branches, place by place, with a variable for each number that is left open.
import type { Order, Tensor } from "@nonsmooth/ad-core";
import { eachRow, type Layout } from "../branches/rows.ts";
import { type Taken, takenOf } from "../branches/taken.ts";
import { indexOf, numbersOf } from "../sweep/numbers.ts";
import type { Cell, Source, Switch } from "./record.ts";

/** The branches of one kink as tensors with their slots. */
export interface Meeting {
  readonly where: string;
  readonly order: Order;
  readonly along: boolean;
  /** In written order; one tensor with `along`. */
  readonly branches: readonly { readonly tensor: Tensor; readonly slot: number }[];
  readonly present: Tensor | null;
  readonly tolerance: number;
}

/** What was taken, and what was left open. */
export interface Opened {
  readonly sources: readonly Source[];
  readonly switches: readonly Pick<Switch, "index" | "branches" | "taken">[];
}

const reader = (where: string, x: Tensor) => {
  const { shape, data } = numbersOf(where, x);
  return { shape, at: (i: number): number => data[i] as number };
};

/** Taken numbers that compete for the same branches, in ascending order of their ranks. */
function byBranches(takes: readonly Taken[]): Taken[][] {
  const groups = new Map<readonly number[], Taken[]>();
  for (const taken of takes) groups.set(taken.branches, [...(groups.get(taken.branches) ?? []), taken]);
  return [...groups.values()];
}

/** Reads a kink; `next` hands out variables. */
export function openKink(meeting: Meeting, next: () => number): Opened {
  const { where, order, along, branches, present, tolerance } = meeting;
  const layout: Layout = { keys: 1, along, masked: present !== null };
  const first = (branches[0] as Meeting["branches"][number]).tensor.shape;
  const width = along ? (first.at(-1) ?? 1) : branches.length;
  const shape = along ? first.slice(0, -1) : first;
  const cell = (place: number, number: number): Cell => ({
    slot: (along ? branches[0] : branches[number])?.slot ?? -1,
    element: along ? place * width + number : place,
  });
  const [sources, switches]: [Source[], Opened["switches"][number][]] = [[], []];
  const list = [...branches.map(({ tensor }) => tensor), ...(present ? [present] : [])];
  eachRow(
    list.map((x) => reader(where, x)),
    layout,
    ({ keys: [values], present: exist }, place) => {
      const row = { keys: [values as Float64Array], present: exist };
      for (const group of byBranches(takenOf(row, order, tolerance))) {
        const tied = (group[0] as Taken).branches;
        const taken = tied.length > 1 ? group.map(({ rank }) => ({ rank, variable: next() })) : [];
        group.forEach((one, i) => {
          const at = order === "sort" ? place * width + one.place : place;
          const variable = taken[i]?.variable ?? -1;
          sources.push({ at, share: one.share, variable, ...cell(place, tied[0] as number) });
        });
        const open = tied.map((number) => ({
          ...cell(place, number),
          number,
          value: (values as Float64Array)[number] as number,
        }));
        if (taken.length > 0) switches.push({ index: indexOf(place, shape), branches: open, taken });
      }
    },
  );
  return { sources, switches };
}

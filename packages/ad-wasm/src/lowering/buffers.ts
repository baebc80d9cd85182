// Where values lie in memory: those that live at the same time never share a byte.
import type { Place } from "@nonsmooth/ad-core";
import { aligned } from "../encoding/module.ts";
import { bytesOf } from "../kernels/kernel.ts";
import type { Item } from "./items.ts";
import type { Values } from "./values.ts";

/** A stretch of memory that is free. */
interface Gap {
  start: number;
  end: number;
}

/** Memory that is given out and taken back. */
class Arena {
  end: number;
  private gaps: Gap[] = [];

  constructor(start: number) {
    this.end = start;
  }

  /** The smallest gap that is large enough, or new memory. */
  take(bytes: number): number {
    const fitting = this.gaps.filter(({ start, end }) => end - start >= bytes);
    const best = fitting.toSorted((a, b) => a.end - a.start - (b.end - b.start))[0];
    if (best === undefined) return this.grow(bytes);
    const { start } = best;
    best.start += bytes;
    if (best.start === best.end) this.gaps = this.gaps.filter((gap) => gap !== best);
    return start;
  }

  /** New memory, behind what there is; a gap at the end is used up first. */
  private grow(bytes: number): number {
    const last = this.gaps.find(({ end }) => end === this.end);
    const start = last?.start ?? this.end;
    if (last) this.gaps = this.gaps.filter((gap) => gap !== last);
    this.end = start + bytes;
    return start;
  }

  give(start: number, bytes: number): void {
    if (bytes === 0) return;
    const gap = { start, end: start + bytes };
    for (const other of this.gaps.filter((one) => one.end === gap.start || one.start === gap.end)) {
      gap.start = Math.min(gap.start, other.start);
      gap.end = Math.max(gap.end, other.end);
      this.gaps = this.gaps.filter((one) => one !== other);
    }
    this.gaps.push(gap);
  }
}

/** Where everything lies. */
export interface Layout {
  readonly addresses: ReadonlyMap<Place, number>;
  /** The end of all buffers. */
  readonly end: number;
  /** The most bytes of values that live at one time, inputs and constants included: no layout needs less. */
  readonly leastBytes: number;
}

/**
 * Gives every value in memory an address.
 *
 * Inputs, constants and what is `kept` to the end have places of their own. A loop that reads a value for the last time,
 * element by element, may write a result over it. `instead` says into whose buffer a result may go that a later run
 * takes as its input: when nothing reads that input afterwards.
 */
export function layOut(
  values: Values,
  items: readonly Item[],
  kept: readonly Place[],
  start: number,
  instead: ReadonlyMap<Place, Place>,
): Layout {
  const bytes = (place: Place): number => aligned(values.size(place) * bytesOf(values.type(place).dtype));
  const last = lastUses(items, kept);
  const fixed = new Set(fixedPlaces(values, items, kept));
  const arena = new Arena(start);
  const addresses = new Map<Place, number>([...fixed].map((place) => [place, arena.take(bytes(place))]));
  const begun = arena.end - start;
  let [living, most] = [begun, begun];
  items.forEach((item, now) => {
    const free = new Set(item.inputs.filter((place) => !fixed.has(place) && last.get(place) === now));
    for (const place of item.outputs) {
      const target = instead.get(place);
      const isOver =
        target !== undefined &&
        mayReplace(item, now, target, last) &&
        !item.outputs.some((one) => one !== place && addresses.get(one) === addresses.get(target));
      const heir = isOver ? undefined : inherited(values, item, place, free, bytes);
      if (heir !== undefined) free.delete(heir);
      const address = isOver
        ? addresses.get(target)
        : heir === undefined
          ? arena.take(bytes(place))
          : addresses.get(heir);
      addresses.set(place, address as number);
      if (!isOver && heir === undefined) living += bytes(place);
    }
    most = Math.max(most, living);
    const unused = item.outputs.filter((place) => !last.has(place) && !kept.includes(place));
    for (const place of [...free, ...unused]) {
      if (instead.has(place) && addresses.get(place) === addresses.get(instead.get(place) as Place)) continue;
      arena.give(addresses.get(place) as number, bytes(place));
      living -= bytes(place);
    }
  });
  return { addresses, end: arena.end, leastBytes: most };
}

/** The number of the last item that reads each value; what is kept is never done with. */
function lastUses(items: readonly Item[], kept: readonly Place[]): Map<Place, number> {
  const last = new Map<Place, number>();
  items.forEach(({ inputs }, now) => {
    for (const place of inputs) last.set(place, now);
  });
  for (const place of kept) last.set(place, Infinity);
  return last;
}

/** Inputs of the program, and constants that something reads. */
function fixedPlaces(values: Values, items: readonly Item[], kept: readonly Place[]): Place[] {
  const count = values.program.inputTypes.length;
  const read = [...new Set([...items.flatMap(({ inputs }) => inputs), ...kept])];
  return [...Array.from({ length: count }, (_, i) => i), ...read.filter((place) => place < 0)];
}

/** Whether an item may write over an input of the program: nothing reads it later, and the item itself element by element. */
function mayReplace({ does, inputs }: Item, now: number, target: Place, last: ReadonlyMap<Place, number>): boolean {
  const end = last.get(target) ?? -1;
  if (end < now) return true;
  return end === now && does.kind === "loop" && isReadDirectly(does.loop.inputs, inputs, target);
}

type LoopInputs = Extract<Item["does"], { kind: "loop" }>["loop"]["inputs"];

/** Whether a loop reads a value nowhere but at the element that it writes. */
function isReadDirectly(loopInputs: LoopInputs, inputs: readonly Place[], place: Place): boolean {
  const memory = loopInputs.filter((input) => input.kind === "memory");
  return memory.every((input, k) => inputs[k] !== place || input.view.kind === "direct");
}

/** A value of the same width that a loop reads for the last time, and may write over. */
function inherited(
  values: Values,
  { does, inputs }: Item,
  place: Place,
  free: ReadonlySet<Place>,
  bytes: (place: Place) => number,
): Place | undefined {
  if (does.kind !== "loop") return undefined;
  const width = (one: Place): number => bytesOf(values.type(one).dtype);
  return [...free].find(
    (one) =>
      bytes(one) === bytes(place) && width(one) === width(place) && isReadDirectly(does.loop.inputs, inputs, one),
  );
}

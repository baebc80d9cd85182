// Where values lie in memory: those that live at the same time never share a byte.
import type { Place } from "@nonsmooth/ad-core";
import { aligned } from "../encoding/module.ts";
import { bytesOf } from "../kernels/kernel.ts";
import type { Item } from "./items.ts";
import type { ViewedValues } from "./views.ts";

/** Where everything lies. */
export interface Layout {
  readonly addresses: ReadonlyMap<Place, number>;
  /** The end of all buffers. */
  readonly end: number;
  /** The most bytes of values that live at one time, inputs and constants included: no layout needs less. */
  readonly leastBytes: number;
}

/** A stretch of memory that one value after the other uses, from the item that writes the first to the last that reads. */
interface Slot {
  readonly bytes: number;
  readonly from: number;
  to: number;
  address: number;
}

/**
 * Gives every value in memory an address.
 *
 * Inputs, constants and what is `kept` to the end have places of their own. A loop that reads a value for the last time,
 * element by element, may write a result over it. `instead` says into whose buffer a result may go that a later run
 * takes as its input: when nothing reads that input afterwards. The others are placed by size, the largest first, each as
 * low as those allow that live at the same time.
 */
export function layOut(
  values: ViewedValues,
  items: readonly Item[],
  kept: readonly Place[],
  start: number,
  instead: ReadonlyMap<Place, Place>,
): Layout {
  const bytes = (place: Place): number => aligned(values.size(place) * bytesOf(values.type(place).dtype));
  const last = lastUses(items, kept);
  const fixed = new Set(fixedPlaces(values, items, kept));
  const addresses = new Map<Place, number>();
  let end = start;
  for (const place of fixed) {
    addresses.set(place, end);
    end += bytes(place);
  }
  const slots = new Map<Place, Slot>();
  items.forEach((item, now) => {
    const free = new Set(item.inputs.filter((place) => slots.has(place) && last.get(place) === now));
    const taken = new Set<Place>();
    for (const place of item.outputs) {
      const target = instead.get(place);
      if (target !== undefined && !taken.has(target) && mayReplace(item, now, target, last)) {
        taken.add(target);
        addresses.set(place, addresses.get(target) as number);
        continue;
      }
      const heir = inherited(values, item, place, free, bytes);
      if (heir !== undefined) free.delete(heir);
      const slot =
        heir === undefined ? { bytes: bytes(place), from: now, to: now, address: 0 } : (slots.get(heir) as Slot);
      slot.to = Math.max(slot.to, last.get(place) ?? now);
      slots.set(place, slot);
    }
  });
  const all = [...new Set(slots.values())];
  const top = place(all, end);
  for (const [place, { address }] of slots) addresses.set(place, address);
  return { addresses, end: top, leastBytes: end - start + mostAtOnce(all, items.length) };
}

/** Gives all slots addresses from `start` on, and returns the end of the highest. */
function place(slots: readonly Slot[], start: number): number {
  const placed: Slot[] = [];
  let top = start;
  for (const slot of slots.toSorted((a, b) => b.bytes - a.bytes || a.from - b.from)) {
    const rivals = placed.filter(({ from, to }) => from <= slot.to && slot.from <= to);
    let address = start;
    for (const rival of rivals.toSorted((a, b) => a.address - b.address)) {
      if (rival.address - address >= slot.bytes) break;
      address = Math.max(address, rival.address + rival.bytes);
    }
    slot.address = address;
    placed.push(slot);
    top = Math.max(top, address + slot.bytes);
  }
  return top;
}

/** The most bytes of slots that live at one time. */
function mostAtOnce(slots: readonly Slot[], items: number): number {
  const changes = new Float64Array(items + 1);
  for (const { bytes, from, to } of slots) {
    changes[from] = (changes[from] as number) + bytes;
    if (to < items) changes[to + 1] = (changes[to + 1] as number) - bytes;
  }
  let [living, most] = [0, 0];
  for (const change of changes) {
    living += change;
    most = Math.max(most, living);
  }
  return most;
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

/** Inputs of the program, constants that something reads, and what has no elements, which nothing writes. */
function fixedPlaces(values: ViewedValues, items: readonly Item[], kept: readonly Place[]): Place[] {
  const count = values.program.inputTypes.length;
  const read = [...new Set([...items.flatMap(({ inputs }) => inputs), ...kept])];
  const inputs = Array.from({ length: count }, (_, i) => i);
  return [...inputs, ...read.filter((place) => place < 0 || values.size(place) === 0)];
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
  values: ViewedValues,
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

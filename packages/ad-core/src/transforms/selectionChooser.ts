// Deciding at kinks by what the caller selected.
import type { Choice, Chooser, KinkCall } from "../door/chooser.ts";
import { noKink } from "../door/linearize.ts";
import type { Instruction, Kink, TieKink } from "../door/primitive.ts";
import { selectionError } from "../errors/messages.ts";
import { once } from "../primitives/maps.ts";
import { records } from "../primitives/records.ts";
import { tieOrder } from "../primitives/tieOrder.ts";
import { tieWeights } from "../primitives/ties.ts";
import { hash } from "../selections/hash.ts";
import {
  checkSelection,
  isPick,
  type PointSelection,
  type Select,
  type Selection,
  type TieSelection,
} from "../selections/selection.ts";
import { type Tensor, tensor } from "../tensors/tensor.ts";

/** A user's own operation is called `package/name`, so that a name without a slash must be one of ours. */
const isForeign = (name: string): boolean => name.includes("/");

/** `relu6.low` may also be selected as `relu6`. */
const namesOf = (name: string): string[] => [name, ...(name.includes(".") ? [name.slice(0, name.indexOf("."))] : [])];

/** `block1/relu`, `block1` for the site `block1/relu`: longest first. */
function sitesOf(site: string): string[] {
  const parts = site === "" ? [] : site.split("/");
  return parts.map((_, i) => parts.slice(0, parts.length - i).join("/"));
}

const kinkedNames = new Map<string, Kink<unknown>>(
  [...records.values()].flatMap(({ name, kink }) =>
    kink && kink.type !== "jump" ? namesOf(name).map((key): [string, Kink<unknown>] => [key, kink]) : [],
  ),
);

/** Checks the keys and the kinds of all selections before anything runs. */
function checkSelect(where: string, select: Select): void {
  if (typeof select !== "object" || select === null) {
    const remedy = "write { relu: last }";
    throw selectionError(where, "no table of selections", "an object from names to selections", String(select), remedy);
  }
  for (const [key, value] of Object.entries(select)) {
    const selection = checkSelection(where, key, value);
    const name = key.split("@", 1)[0] as string;
    const kink = kinkedNames.get(name);
    if (kink) checkFits(where, key, kink, selection);
    else if (!isForeign(name)) {
      const expected = `one of ${[...kinkedNames.keys()].toSorted().join(", ")}`;
      const remedy = "check the spelling; a user's own operation is called package/name";
      throw selectionError(where, "no kink has this name", expected, key, remedy, { key });
    }
  }
}

function checkFits(where: string, key: string, kink: Kink<unknown>, selection: Selection): void {
  if (kink.type !== selection.kind) {
    const expected = kink.type === "point" ? "atZero(...)" : "a selection of ties such as first or uniform";
    throw selectionError(where, `${key} has another kind of kink`, expected, selection.name, "use the other kind", {
      key,
    });
  }
  if (kink.type === "tie" && kink.along && selection.kind === "tie" && selection.branches === 2) {
    const remedy = "use blend(first, last, s)";
    throw selectionError(
      where,
      `${key} has more than two branches`,
      "first, last, uniform, blend ...",
      selection.name,
      remedy,
      { key },
    );
  }
}

/** A place that a selection may speak of. */
export type Spot = Pick<Instruction, "primitive" | "site">;

/** State that a chooser shares with its forks. */
interface Shared {
  readonly where: string;
  readonly select: Select;
  /** Keys that some instruction has used. */
  readonly met: Set<string>;
  /** Whether a part of the program is linearized later only. */
  forked: boolean;
}

/** Reads each kink's selection from a table, and draws differently at each kink. */
export class SelectionChooser implements Chooser {
  readonly shared: Shared;
  readonly base: number;

  constructor(shared: Shared, base = 0) {
    this.shared = shared;
    this.base = base;
  }

  choose(call: KinkCall): Choice {
    const { kink } = call.instruction.primitive;
    if (kink?.type === "point") {
      const selection = this.find(call.instruction) as PointSelection;
      const { dtype } = call.instruction.inputs[0];
      return { ...noKink, vectorAtZero: (n) => tensor([...checkVector(selection, n)], { dtype }) };
    }
    if (kink?.type !== "tie") return noKink;
    return { ...noKink, ...this.tieChoice(call, kink, this.tieSelection(call.instruction)) };
  }

  /** What a tie kink uses. A selection under a name of the user's own is known to fit only here. */
  tieSelection(spot: Spot): TieSelection {
    const selection = this.find(spot);
    checkFits(this.shared.where, spot.primitive.name, spot.primitive.kink as TieKink<unknown>, selection);
    return selection as TieSelection;
  }

  /** What is chosen at one kink. Equal kinks without draws get equal instructions, so that one of them is enough. */
  tieChoice({ instruction, position }: KinkCall, kink: TieKink<unknown>, selection: TieSelection): Partial<Choice> {
    const { inputs, params } = instruction;
    const number = selection.drawn === 0 ? 0 : (this.base + position) | 0;
    const order = kink.order(params);
    const settings = { order, along: kink.along, selection, kink: number };
    const branches = once(() => kink.branches(inputs, params));
    const present = once(() => kink.present?.(inputs, params) ?? null);
    const weights: Choice["weights"] = (coefficients) =>
      tieWeights(branches(), present(), { ...settings, coefficients });
    if (order !== "sort") return { weights };
    const permutation = (): Tensor | null =>
      isPick(selection) ? tieOrder(branches()[0] as Tensor, { selection, kink: number }) : null;
    return { weights, permutation };
  }

  fork(position: number): SelectionChooser {
    this.shared.forked = true;
    return new SelectionChooser(this.shared, hash(this.base, position, 1));
  }

  meet(spot: Spot): void {
    for (const key of this.keysFor(spot)) this.shared.met.add(key);
  }

  /** The keys that speak of an instruction: the longest matching site first, the bare name last. */
  keysFor({ primitive, site }: Spot): string[] {
    const names = namesOf(primitive.name);
    const keys = [...sitesOf(site).flatMap((place) => names.map((name) => `${name}@${place}`)), ...names];
    return keys.filter((key) => Object.hasOwn(this.shared.select, key));
  }

  /** What the first of those keys says, or the operation's default. */
  find(spot: Spot): Selection {
    const [key] = this.keysFor(spot);
    const { kink } = spot.primitive;
    const fallback = kink && kink.type !== "jump" ? kink.default : undefined;
    return (key === undefined ? fallback : this.shared.select[key]) as Selection;
  }

  /**
   * After the run: a site that no instruction has, or a foreign name that never came, is a mistake. When a part of the
   * program is linearized later, that is known only once the derivative was read.
   */
  checkAllMet(moment: "run" | "derivative"): void {
    const { where, select, met, forked } = this.shared;
    if (forked && moment === "run") return;
    const missed = Object.keys(select).filter((key) => !met.has(key) && (key.includes("@") || isForeign(key)));
    if (missed.length === 0) return;
    const remedy = "check the site names that the function gives to its operations";
    throw selectionError(where, "a selection met no kink", "sites that the function has", missed.join(", "), remedy, {
      missed,
    });
  }
}

function checkVector(selection: PointSelection, length: number): readonly number[] {
  const vector = selection.vector(length);
  if (vector.length === length) return vector;
  const remedy = "return as many numbers as asked for";
  throw selectionError(
    selection.name,
    "the vector has another length",
    `${length} numbers`,
    `${vector.length}`,
    remedy,
  );
}

/** The chooser of a transform: by its `select` option, checked. */
export function chooserFor(where: string, select: Select = {}): SelectionChooser {
  checkSelect(where, select);
  return new SelectionChooser({ where, select, met: new Set(), forked: false });
}

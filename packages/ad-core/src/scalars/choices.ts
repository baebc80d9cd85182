// What a run chooses at the kinks of a scalar program.
import type { Primitive } from "../door/primitive.ts";
import type { PairKink } from "../elementary/statement.ts";
import { mixAt } from "../primitives/ties.ts";
import type { Select, TieSelection } from "../selections/selection.ts";
import { chooserFor, type SelectionChooser } from "../transforms/selectionChooser.ts";
import { instructionsOf } from "./instructions.ts";
import type { Frame } from "./partials.ts";
import type { ScalarProgram } from "./program.ts";
import { joined } from "./sites.ts";

/** The derivative where two branches meet, from those of both. */
export type Mix = (first: number, second: number) => number;

/** The selections of one run, looked up once for each operation and site. */
export class Choices {
  readonly chooser: SelectionChooser;
  readonly found: Map<Primitive, Map<string, TieSelection>> = new Map();

  constructor(where: string, select: Select | undefined, program: ScalarProgram) {
    this.chooser = chooserFor(where, select);
    const isAnywhere = Object.keys(select ?? {}).every((key) => !/[@/]/.test(key));
    if (isAnywhere) return;
    meetAll(this.chooser, program, "", new Set());
    this.chooser.checkAllMet("derivative");
  }

  /** How the derivatives of two branches that tie mix; also where one of them is NaN. */
  mix(primitive: Primitive, { order }: PairKink, branches: readonly [number, number], at: Frame): Mix {
    const selection = this.selectionOf(primitive, at.site);
    return mixAt(branches, { order, selection, kink: selection.drawn === 0 ? 0 : at.position() | 0 });
  }

  selectionOf(primitive: Primitive, site: string): TieSelection {
    const sites = this.found.get(primitive) ?? new Map<string, TieSelection>();
    this.found.set(primitive, sites);
    const selection = sites.get(site) ?? this.chooser.tieSelection({ primitive, site });
    sites.set(site, selection);
    return selection;
  }
}

/** Shows the chooser every kink; a program that is called twice in one place is looked at once. */
function meetAll(chooser: SelectionChooser, program: ScalarProgram, outer: string, seen: Set<unknown>): void {
  const met = new Map<Primitive, Set<string>>();
  for (const { record, call, site } of instructionsOf(program)) {
    const place = joined(outer, site);
    if (call && !seen.has(call)) meetAll(chooser, call.program, place, seen.add(call));
    if (!record?.kink || met.get(record)?.has(place)) continue;
    met.set(record, (met.get(record) ?? new Set()).add(place));
    chooser.meet({ primitive: record, site: place });
  }
}

// Conditions as far as they hold without knowing how curved functions move: what refutes them there refutes them near the point.
import type { Model } from "../model/model.ts";
import type { Branch, Cell } from "../model/record.ts";
import type { Settled } from "./settled.ts";

/** An affine function by the names of what it depends on: inputs, results that are not affine, and what is not settled. */
type Form = Map<string, number>;

function addScaled(total: Form, other: Form, factor: number): void {
  for (const [name, value] of other) {
    const next = (total.get(name) ?? 0) + factor * value;
    if (next === 0) total.delete(name);
    else total.set(name, next);
  }
}

/** Reads cells as affine functions of inputs and of what may move in any way. */
class Forms {
  readonly model: Model;
  readonly settled: Settled;
  readonly known = new Map<number, Form>();

  constructor(model: Model, settled: Settled) {
    this.model = model;
    this.settled = settled;
  }

  of(cell: Cell): Form {
    const { inputs, variables, atoms } = this.model.affineRow(cell);
    const total: Form = new Map();
    addScaled(total, new Map([...atoms].map(([key, value]) => [`cell ${key}`, value])), 1);
    addScaled(total, new Map(Array.from(inputs, (value, i) => [`input ${i}`, value])), 1);
    for (const [variable, coefficient] of variables) addScaled(total, this.ofVariable(variable), coefficient);
    return total;
  }

  ofVariable(variable: number): Form {
    const known = this.known.get(variable);
    if (known) return known;
    const form = this.ofAll(this.settled.groups.get(variable) ?? []) ?? new Map([[`variable ${variable}`, 1]]);
    this.known.set(variable, form);
    return form;
  }

  /** The one function that several branches are; null when they are different ones. */
  ofAll(branches: readonly Branch[]): Form | null {
    const [first, ...others] = branches.map((branch) => this.of(branch));
    if (!first) return null;
    const isFirst = (form: Form): boolean =>
      form.size === first.size && [...form].every(([name, value]) => first.get(name) === value);
    return others.every(isFirst) ? first : null;
  }
}

/**
 * The conditions of a way as rows over inputs and over whatever is not affine, which may move as it likes. If no motion
 * fulfils them all, no point near by does. Conditions between branches that are several functions are left out.
 */
export function freeRows(model: Model, settled: Settled): Float64Array[] {
  const forms = new Forms(model, settled);
  const differences = settled.order.flatMap(({ upper, lower }) => {
    const [above, below] = [forms.ofAll(upper), forms.ofAll(lower)];
    if (!above || !below) return [];
    const difference: Form = new Map(above);
    addScaled(difference, below, -1);
    return [difference];
  });
  const names = [...new Set(differences.flatMap((form) => [...form.keys()]))];
  return differences.map((form) => Float64Array.from(names, (name) => form.get(name) ?? 0));
}

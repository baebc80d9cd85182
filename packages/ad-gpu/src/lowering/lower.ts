// From a program to a plan.
import type { Place, ProgramData, TensorType } from "@nonsmooth/ad-core";
import { type Formula, type PlacedStep, Values, withoutKernel } from "@nonsmooth/ad-core/machines";
import { kernels } from "../kernels/index.ts";
import { type Stage, stage, type Task } from "../kernels/kernel.ts";
import { exchangedMatmul } from "../kernels/matmul.ts";
import type { Body } from "../text/body.ts";
import { offsetText, repeatedView, type View } from "../text/positions.ts";
import { type Chains, findChains } from "./chains.ts";
import { constantText, formulaText, keptText, specials } from "./formulaText.ts";
import { type CarriedPlaces, hostPlaces, hostSteps } from "./hostSteps.ts";
import { type Cell, type Plan, Planner } from "./plan.ts";

/** A program, planned. */
export interface Lowered {
  readonly values: Values<View>;
  readonly plan: Plan;
  /** Where values that the host writes or reads are. */
  readonly cells: ReadonlyMap<Place, Cell>;
  /** Instructions that the host computes, and all values that it has for that. */
  readonly hostSteps: readonly PlacedStep[];
  readonly hostPlaces: ReadonlySet<Place>;
  /** Schedules of keys that the host writes: three words in halves. */
  readonly keys: ReadonlyMap<Place, Cell>;
  /** Cells of one number that must be 0 after a run. */
  readonly faults: readonly Cell[];
}

/** Plans a program; `outputs` are the places that someone needs at the end, besides the inputs that are carried. */
export function lower(program: ProgramData, outputs: readonly Place[], carried: CarriedPlaces = new Map()): Lowered {
  const values = new Values(program, repeatedView);
  const needed = [...outputs, ...carried.keys()].map((place) => values.root(place));
  return new Lowering(values, needed, hostPlaces(values, carried)).lowered();
}

class Lowering {
  private readonly values: Values<View>;
  private readonly outputs: readonly Place[];
  private readonly host: ReadonlySet<Place>;
  private readonly chains: Chains;
  private readonly planner = new Planner();
  private readonly cells = new Map<Place, Cell>();
  private readonly keys = new Map<Place, Cell>();
  private readonly faults: Cell[] = [];

  constructor(values: Values<View>, outputs: readonly Place[], host: ReadonlySet<Place>) {
    this.values = values;
    this.outputs = outputs;
    this.host = host;
    this.chains = findChains(values, outputs, (place) => this.host.has(place));
  }

  lowered(): Lowered {
    const { values, planner, host, keys, faults, cells } = this;
    for (const step of values.steps) this.add(step);
    for (const place of this.outputs) if (!host.has(place)) planner.kept.add(this.cellOf(place));
    for (const cell of faults) planner.kept.add(cell);
    return {
      ...{ values, plan: planner, cells, keys, faults },
      ...{ hostSteps: hostSteps(values, host), hostPlaces: host },
    };
  }

  private add(step: PlacedStep): void {
    const { place } = step;
    if (this.host.has(place) || this.chains.inlined.has(place) || this.isDeferred(place)) return;
    const formula = this.chains.formulas.get(place);
    if (formula) this.cells.set(place, this.chain(step, formula));
    else this.emit(step);
  }

  /** Whether a value is written only when someone needs it in memory. */
  private isDeferred(place: Place): boolean {
    return this.values.repeated.has(place) || this.values.exchanged.has(place);
  }

  /** The cell of a value, which is written now if it was not. */
  private cellOf(place: Place): Cell {
    const known = this.cells.get(place);
    if (known !== undefined) return known;
    const isStep = place >= 0 && this.values.hasStep(place);
    if (isStep && this.isDeferred(place)) this.emit(this.values.stepAt(place));
    else this.cells.set(place, this.given(place));
    return this.cells.get(place) as Cell;
  }

  /** A cell of a constant, an argument, or what the host computes. */
  private given(place: Place): Cell {
    const constant = place < 0 ? this.values.program.constants[-1 - place] : undefined;
    if (constant) return this.planner.constant(constant.data);
    const cell = this.planner.cell(this.values.size(place));
    this.planner.kept.add(cell);
    return cell;
  }

  /** A kernel of its own. */
  private emit(step: PlacedStep): void {
    const { name } = step.primitive;
    const kernel = Object.hasOwn(kernels, name) ? kernels[name] : undefined;
    if (kernel === undefined) throw withoutKernel("gpu", step);
    const isProduct = kernel === kernels.matmul;
    const exchanged = step.operands.map((place) => (isProduct ? this.values.exchanged.get(place) : undefined));
    const inputs = step.types.map((type, i) => exchanged[i]?.type ?? type) as unknown as Task["inputs"];
    const task = { inputs, output: step.type, params: step.params as never };
    const operands = step.operands.map((place, i) => this.operand(step, exchanged[i]?.source ?? place, i));
    const [a, b] = exchanged.map((one) => one !== undefined) as [boolean, boolean];
    const { stages, faults = [] } = isProduct ? exchangedMatmul(task, { a, b }) : kernel(task);
    if (faults.length > 0) this.faults.push(this.planner.add(faults, operands));
    this.cells.set(step.place, stages.length === 0 ? this.planner.cell(0) : this.planner.add(stages, operands));
  }

  /** The key of random numbers is a cell of its own. */
  private operand({ primitive: { name } }: PlacedStep, place: Place, i: number): Cell {
    if (i > 0 || !this.host.has(place) || !/^random/.test(name)) return this.cellOf(place);
    const cell = this.keys.get(place) ?? this.planner.cell(6);
    this.keys.set(place, cell);
    this.planner.kept.add(cell);
    return cell;
  }

  /** One kernel for a formula and those inside it. */
  private chain(step: PlacedStep, formula: Formula): Cell {
    const operands: Cell[] = [];
    const argumentOf = (cell: Cell): string => {
      const at = operands.includes(cell) ? operands.indexOf(cell) : operands.push(cell) - 1;
      return `a${at}`;
    };
    const size = this.values.size(step.place);
    if (size === 0) return this.planner.cell(0);
    // The text names what it reads while it is written, so that it is written twice: the first time to count.
    const build = (body: Body, at: string): string =>
      this.write({ body, at, argumentOf, read: new Map() }, step, formula);
    stage([], size, build);
    const made: Stage = stage(
      operands.map((_, i) => i),
      size,
      build,
    );
    return this.planner.add([made], operands);
  }

  private write(writing: Writing, step: PlacedStep, formula: Formula): string {
    const { body } = writing;
    const special = (): string => writing.argumentOf(this.planner.constant(specials));
    const inputs = step.operands.slice(0, formula.arity).map((place) => {
      const inner = this.chains.inlined.has(place) ? this.chains.formulas.get(place) : undefined;
      if (inner) return this.written(writing, place, inner);
      const { source, view } = this.values.repeated.get(place) ?? { source: place, view: null };
      const number = this.values.number(source);
      if (number !== null) return constantText(toSingle(number, this.values.type(source)), special);
      return this.readText(writing, source, view);
    });
    const result = formulaText(formula, { body, inputs, special });
    return keptText(body, result, step.type.dtype, step.primitive.name === "cast");
  }

  /** The name of a formula inside, which may stand there twice. */
  private written(writing: Writing, place: Place, formula: Formula): string {
    const key = `formula ${place}`;
    const known = writing.read.get(key);
    if (known !== undefined) return known;
    const name = this.write(writing, this.values.stepAt(place), formula);
    writing.read.set(key, name);
    return name;
  }

  /** The element of a value in memory. */
  private readText({ body, at, argumentOf, read }: Writing, source: Place, view: View | null): string {
    const key = `${source} ${view ? `${view.shape} by ${view.strides}` : ""}`;
    const known = read.get(key);
    if (known !== undefined) return known;
    const position = view ? offsetText(body, at, view) : at;
    const name = body.variable(`${argumentOf(this.cellOf(source))}[${position}]`);
    read.set(key, name);
    return name;
  }
}

/** A kernel of formulas while it is written. */
interface Writing {
  readonly body: Body;
  readonly at: string;
  /** The name of the array of a cell. */
  readonly argumentOf: (cell: Cell) => string;
  /** Names of what was read or computed already. */
  readonly read: Map<string, string>;
}

const toSingle = (value: number, { dtype }: TensorType): number => (dtype === "f32" ? Math.fround(value) : value);

// An interpreter that records a run and leaves open which of the branches that tie are taken.
import { atSite, type Instruction, type LinearMap, ones, type Tensor, type TieKink } from "@nonsmooth/ad-core";
import {
  type Call,
  type Interpreter,
  isReal,
  linearizeInstruction,
  mapInputs,
  Traced,
  within,
} from "@nonsmooth/ad-core/transforms";
import type { ExactRun } from "../exactness/exactRun.ts";
import { DirectionChooser } from "../sweep/chooser.ts";
import { indexOf, numbersOf } from "../sweep/numbers.ts";
import { customError } from "../sweep/refusals.ts";
import { Dependence } from "./dependence.ts";
import { openKink } from "./openKink.ts";
import type { Ball, Entry, SmoothEntry, Switch } from "./record.ts";

/** An instruction on its way through: with its traces, without them, and what came out. */
interface Passing {
  readonly traced: Instruction;
  readonly bare: Instruction;
  readonly output: Tensor;
  readonly position: number;
}

/**
 * Records linear maps like a tape. An instruction with a kink is recorded as its branches, which are computed on the tape
 * too, and a list of what it takes from them; where branches tie, a variable stands for what is taken.
 */
export class OpenRun implements Interpreter {
  readonly where: string;
  readonly tolerance: number;
  /** Told of numbers that are rounded, also when the record is read. */
  readonly watch: ExactRun;
  readonly outer: Dependence;
  readonly chooser: DirectionChooser;
  readonly entries: Entry[] = [];
  readonly switches: Switch[] = [];
  readonly balls: Ball[] = [];
  /** The values of the slots. */
  readonly values: Tensor[] = [];
  variables = 0;
  passed = 0;
  /** How deep it is in branches: what is computed there is no instruction of the run. */
  depth = 0;

  constructor(where: string, tolerance: number, watch: ExactRun) {
    this.where = where;
    this.tolerance = tolerance;
    this.watch = watch;
    this.chooser = new DirectionChooser(tolerance, (f, inputs) => {
      // along one direction in which nothing moves
      return { outputs: f(inputs), tangents: [[]], jumps: [], locks: [] };
    });
    this.outer = new Dependence(watch, this.chooser);
  }

  /** A value of the tape; an input is also followed outside, to see what depends on it. */
  follow(primal: Tensor): Tensor {
    return new Traced<number>(this, primal, this.values.push(primal) - 1);
  }

  slotOf(x: Tensor): number {
    return x instanceof Traced && x.owner === this ? (x.content as number) : -1;
  }

  primalOf(x: Tensor): Tensor {
    return x instanceof Traced && x.owner === this ? x.primal : x;
  }

  process(traced: Instruction): Tensor {
    const position = this.depth === 0 ? this.passed++ : this.passed - 1;
    const bare = { ...traced, inputs: mapInputs(traced.inputs, (x) => this.primalOf(x)) };
    const output = this.outer.process(bare);
    if (!isReal(output.dtype) || traced.inputs.every((x) => this.slotOf(x) < 0)) return output;
    const passing = { traced, bare, output, position };
    const { kink } = bare.primitive;
    return kink?.type === "tie" ? this.open(passing, kink) : this.keep(passing);
  }

  /** An instruction that has one linear map, but for the elements of a norm that are 0. */
  keep(passing: Passing): Tensor {
    const smooth = this.smooth(passing);
    if (smooth === null) return passing.output;
    const followed = this.follow(passing.output);
    this.entries.push({ kind: "smooth", target: this.slotOf(followed), ...smooth, open: this.openNorm(passing) });
    return followed;
  }

  smooth({ traced, bare, output, position }: Passing): Pick<SmoothEntry, "sources" | "isAffine" | "vjp"> | null {
    const sources = traced.inputs.map((x) => this.slotOf(x));
    const isActive = (input: number): boolean => (sources[input] as number) >= 0;
    return within(this.outer, () => {
      const maps = linearizeInstruction(bare, output, isActive, this.chooser, position, []);
      if (maps.every((map) => map === null)) return null;
      const isAffine = maps.every((map, i) => map === null || !this.depends(map, bare.inputs[i] as Tensor));
      const vjp = (gy: Tensor) => within(this.outer, () => maps.map((map) => map?.vjp(gy) ?? null));
      return { sources, isAffine, vjp };
    });
  }

  /** Whether a linear map is another one elsewhere. */
  depends(map: LinearMap, { shape, dtype }: Tensor): boolean {
    return this.outer.isOwn(map.jvp(ones(shape, { dtype })));
  }

  /** Computes branches on the tape. */
  aside<T>(site: string, compute: () => T): T {
    this.depth++;
    try {
      return within(this, () => atSite(site, compute));
    } finally {
      this.depth--;
    }
  }

  open({ traced, bare, output, position }: Passing, kink: TieKink<unknown>): Tensor {
    const { params, site, primitive } = bare;
    const { along } = kink;
    const order = kink.order(params);
    const branches = this.aside(site, () => kink.branches(traced.inputs, params)).map((x) => {
      return { tensor: this.primalOf(x), slot: this.slotOf(x) };
    });
    const present = within(this.outer, () => kink.present?.(bare.inputs, params) ?? null);
    const { where, tolerance } = this;
    const meeting = { where, order, along, branches, present, tolerance };
    const { sources, switches } = openKink(meeting, () => this.variables++);
    this.switches.push(...switches.map((found) => ({ name: primitive.name, site, position, ...found })));
    const followed = this.follow(output);
    // a sorted row lies along the axis of the operation, its branches along the last one
    const rowsOf = (gy: Tensor): Tensor => (order === "sort" ? (kink.branches([gy, gy, gy], params)[0] as Tensor) : gy);
    this.entries.push({ kind: "kink", target: this.slotOf(followed), sources, rowsOf });
    return followed;
  }

  /** The norms that are 0, with a variable for each. */
  openNorm({ traced, bare, position }: Passing): SmoothEntry["open"] {
    const { primitive, params, site } = bare;
    const { kink, name } = primitive;
    if (kink?.type !== "point") return [];
    const rows = this.aside(site, () => kink.rows(traced.inputs, params));
    const { data, shape } = numbersOf(this.where, this.primalOf(rows));
    const width = shape.at(-1) ?? 1;
    const open: { at: number; variable: number }[] = [];
    for (let at = 0; at * width < data.length; at++) {
      const row = data.subarray(at * width, (at + 1) * width) as Float64Array;
      if (!row.every((v: number) => v * v === 0)) continue;
      const variable = this.variables++;
      const cells = Array.from(row, (_, i) => ({ slot: this.slotOf(rows), element: at * width + i }));
      this.balls.push({ name, site, position, index: indexOf(at, shape.slice(0, -1)), cells, variable });
      open.push({ at, variable });
    }
    return open;
  }

  call({ operation, inputs, site }: Call): readonly Tensor[] {
    if (operation.isCustom && inputs.some((x) => this.slotOf(x) >= 0)) throw customError(this.where, site);
    return within(this, () => atSite(site, () => operation.run(inputs)));
  }

  isTrue(condition: Tensor): boolean {
    return this.outer.isTrue(this.primalOf(condition));
  }
}

// One run of a function along directions, and what it met.
import type { Maybe, Tensor } from "@nonsmooth/ad-core";
import { type FlatFunction, interpreter, isReal, type Signal, Tape, within } from "@nonsmooth/ad-core/transforms";
import { DirectionChooser, type Lock, type Push } from "./chooser.ts";
import { Directions } from "./directions.ts";

/** How to run. */
export interface SweepOptions {
  /** The function that the caller wrote, for errors. */
  readonly where: string;
  /** Numbers that differ by no more tie. */
  readonly tolerance: number;
  /** Whether the maps are kept, to be read backwards. */
  readonly isTaped: boolean;
}

/** A run along directions. */
export interface Sweep {
  readonly outputs: readonly Tensor[];
  /** For each direction the tangents of the outputs. */
  readonly tangents: readonly (readonly Maybe[])[];
  readonly locks: readonly Lock[];
  readonly jumps: readonly Signal[];
  /** Cotangents of the inputs with the choices that the directions made; needs a tape. */
  pullback(cotangents: readonly Maybe[]): readonly Maybe[];
}

/** Runs a function of lists once. Inputs that carry no derivative are constants. */
export function sweepFlat(
  f: FlatFunction,
  primals: readonly Tensor[],
  directions: readonly (readonly Maybe[])[],
  options: SweepOptions,
): Sweep {
  const chooser = new DirectionChooser(options.tolerance, pushWith(options));
  const tape = options.isTaped ? new Tape(interpreter(), chooser) : null;
  const run = new Directions(options.where, interpreter(), chooser, tape);
  const inputs = primals.map((x, i) =>
    isReal(x.dtype)
      ? run.follow(
          x,
          directions.map((direction) => direction[i] ?? null),
        )
      : x,
  );
  const outputs = within(run, () => f(inputs));
  const [from, to] = [inputs.map((x) => run.slotOf(x)), outputs.map((y) => run.slotOf(y))];
  return {
    outputs: outputs.map((y) => run.primalOf(y)),
    tangents: directions.map((_, j) => outputs.map((y) => run.tangentOf(y, j))),
    locks: chooser.locks,
    jumps: [...run.jumps, ...chooser.jumps],
    pullback: (cotangents) => tape?.pullback(to, cotangents, from) ?? [],
  };
}

/** Branches are pushed like any function, kinks inside of them included. */
const pushWith =
  (options: SweepOptions): Push =>
  (f, inputs, directions) =>
    sweepFlat(f, inputs, directions, { ...options, isTaped: false });

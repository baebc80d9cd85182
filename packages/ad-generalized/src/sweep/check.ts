// Whether a run has derivatives at all: no jump where it stands, no slope that is not finite.
import { kinks, type Maybe, type Tensor } from "@nonsmooth/ad-core";
import { type FlatFunction, isReal, readSignal, type Signal } from "@nonsmooth/ad-core/transforms";
import { numbersOf } from "./numbers.ts";
import { infiniteError, jumpError } from "./refusals.ts";
import type { Sweep } from "./sweep.ts";

/** A function at a point, as errors speak of it. */
export interface Asked {
  readonly where: string;
  readonly run: FlatFunction;
  readonly leaves: readonly Tensor[];
  readonly tolerance: number;
}

function checkJumps({ where, tolerance }: Asked, jumps: readonly Signal[]): void {
  for (const { source, tensors } of jumps) {
    const signal = { source, tensors: tensors.map((x) => numbersOf(where, x)) };
    const [place] = readSignal(signal, { tolerance, limit: 1 }).places;
    const { name, site, position } = source;
    if (place) throw jumpError(where, { name, site, position }, place.index);
  }
}

/** Throws, naming the first instruction with a slope that is not finite, unless all numbers are finite. */
export function checkFinite({ where, run, leaves }: Asked, values: readonly Maybe[]): void {
  const isFinite = (x: Maybe): boolean =>
    x === null || numbersOf(where, x).data.every((v: number) => Number.isFinite(v));
  if (values.every((x) => x === null || !isReal(x.dtype) || isFinite(x))) return;
  const report = kinks(
    (...inputs: Tensor[]) => run(inputs),
    leaves.map((x) => numbersOf(where, x)),
  );
  const found = report.kinks.find(({ type }) => type === "slope");
  if (!found) throw infiniteError(where, null, []);
  const { name, site, position, places } = found;
  throw infiniteError(where, { name, site, position }, places[0]?.index ?? []);
}

/** Checks what a run along directions met. */
export function checkSweep(asked: Asked, sweep: Sweep): void {
  checkJumps(asked, sweep.jumps);
  checkFinite(asked, [...sweep.outputs, ...sweep.tangents.flat()]);
}

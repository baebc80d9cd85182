// Laws of the choice at kinks.
import {
  apply,
  type Inputs,
  type Order,
  type Primitive,
  type Selection,
  type Tensor,
  type TieKink,
  type TieSelection,
  tieWeightsPrimitive,
  uniform,
} from "@nonsmooth/ad-core";
import fc from "fast-check";
import { anySelection, selectionFor } from "../arbitraries/selections.ts";
import { expectSameBits, fail } from "../tools/compare.ts";
import { wholeLike } from "../tools/draws.ts";
import { forAll } from "../tools/properties.ts";
import { isReal, tolerances } from "../tools/tolerances.ts";
import {
  activeSets,
  type Cases,
  type LawOptions,
  pull,
  restricted,
  type Situation,
  type Subject,
  situations,
  subjectOf,
  valueOf,
  withWild,
} from "./law.ts";
import { checkMedian, checkSorted, checkSum, isTied } from "./ranks.ts";

/** The branches at one place of the output, and their weights. */
interface Place {
  readonly branches: readonly number[];
  readonly weights: readonly number[];
}

/** Branches and weights at each place of the output, in written order. */
function places<P>(
  kink: TieKink<P>,
  inputs: readonly Tensor[],
  params: P,
  selection: TieSelection,
  count: number,
): Place[] {
  const operands = inputs as unknown as Inputs<Tensor>;
  const groups = kink.branches(operands, params);
  const present = kink.present?.(operands, params);
  const masked = present !== undefined && present !== null;
  const settings = { order: kink.order(params), along: kink.along, selection, kink: 0, masked };
  const weights = groups.map((_, group) => {
    const coefficients = groups.map((_other, i) => (i === group ? 1 : 0));
    return apply(tieWeightsPrimitive as Primitive, masked ? [...groups, present] : groups, {
      ...settings,
      coefficients,
    });
  });
  return Array.from({ length: count }, (_, place) => {
    const at = ({ data }: Tensor): number[] => {
      const width = data.length / count;
      return Array.from(data.subarray(place * width, (place + 1) * width));
    };
    const isBranch = masked ? at(present) : groups.flatMap(at).map(() => 1);
    const seen = (list: readonly number[]): number[] => list.filter((_value, i) => isBranch[i] === 1);
    return { branches: seen(groups.flatMap(at)), weights: seen(weights.flatMap(at)) };
  });
}

const extremeOf = (order: Order, branches: readonly number[]): number =>
  order === "max" ? Math.max(...branches) : Math.min(...branches);

function checkPlace(
  what: string,
  { branches, weights }: Place,
  extreme: number,
  limit: number,
  isUniform: boolean,
): void {
  const shown = `branches ${branches.join(" ")}, weights ${weights.join(" ")}`;
  checkSum(what, weights, limit, shown);
  branches.forEach((branch, i) => {
    if (!isTied(branch, extreme) && weights[i] !== 0)
      fail(`${what}: branch ${i} does not tie but has weight: ${shown}`);
  });
  const ties = weights.filter((_, i) => isTied(branches[i] as number, extreme));
  if (ties.length === 1 && ties[0] !== 1) fail(`${what}: a single extreme branch has not weight 1: ${shown}`);
  if (isUniform && new Set(ties).size !== 1) fail(`${what}: branches that tie do not share alike: ${shown}`);
}

/** In narrow formats branches made of several operations are rounded in between, where the value is rounded once. */
function checkExtreme(what: string, order: Order, { branches }: Place, value: number, slack: number): void {
  const extreme = extremeOf(order, branches);
  if (isTied(extreme, value) || Math.abs(extreme - value) <= slack * (1 + Math.abs(extreme))) return;
  fail(`${what}: the value is ${value}, but the ${order} of the branches ${branches.join(" ")} is ${extreme}`);
}

function checkPlaces<P>(primitive: Primitive<P>, at: Situation<P>, selection: TieSelection): void {
  const kink = primitive.kink as TieKink<P>;
  const y = valueOf(at);
  const limit = isReal(y.dtype) ? tolerances[y.dtype].sums : tolerances.f64.sums;
  const order = kink.order(at.params);
  places(kink, at.inputs, at.params, selection, y.data.length).forEach((place, i) => {
    const what = `${primitive.name} at place ${i} under ${selection.name}`;
    checkExtreme(what, order, place, y.data[i] as number, kink.along || at.dtype === "f64" ? 0 : limit);
    checkPlace(what, place, extremeOf(order, place.branches), limit, selection === uniform);
  });
}

/**
 * The value is the extreme of the stated branches, or the one of a rank among them; weights sum to 1 and are 0 off the
 * branches that tie. Settings without branches have no kink.
 */
export function weightsSumToOne<P>(primitive: Primitive<P>, { kinky }: Cases<P>, options: LawOptions = {}): void {
  const { kink, name } = primitive;
  if (kink?.type !== "tie") return;
  const selections = fc.oneof(fc.constant(uniform), kink.along ? anySelection() : anySelection({ branches: 2 }));
  forAll(
    `${name}: weights`,
    fc.tuple(situations(subjectOf(primitive), withWild(kinky)), selections),
    ([at, selection]) => {
      const order = kink.order(at.params);
      if (order === "sort") checkSorted(primitive, at, selection);
      else if (order === "median") checkMedian(primitive, at, selection);
      else if (kink.branches(at.inputs as unknown as Inputs<Tensor>, at.params).length > 0)
        checkPlaces(primitive, at, selection);
      return "compared";
    },
    options,
  );
}

/** Off kinks two selections give the same bits. */
export function choiceInvisible<P>(subject: Subject<P>, { smooth }: Cases<P>, options: LawOptions = {}): void {
  const { name } = subject;
  forAll(
    `${name}: choice off kinks`,
    fc.tuple(situations(subject, smooth), selectionFor(subject)),
    ([at, other]) => {
      const y = valueOf(at);
      if (other === undefined || !isReal(y.dtype)) return "compared";
      const gy = wholeLike([y], at.seed)[0] as Tensor;
      for (const active of activeSets(at.inputs)) {
        const part = restricted(at, active);
        const [, one] = pull(part, () => gy, at.select);
        const [, two] = pull(part, () => gy, { [name]: other as Selection });
        one.forEach((gx, i) => {
          expectSameBits(`${name}: ${other.name} off kinks, input ${active[i]}`, two[i] as Tensor, gx);
        });
      }
      return "compared";
    },
    options,
  );
}

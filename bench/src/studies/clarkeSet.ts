/** The Clarke subdifferential at a point as far as a search finds it out, and where an answer lies in it. */
import type { Tensor } from "@nonsmooth/ad-core";
import { type Bouligand, clarkeSet, type Membership } from "@nonsmooth/ad-generalized";
import { entriesOf, type MovingPart } from "../programs/moved.ts";
import { listed } from "./clarkeNumbers.ts";

/** More limits than this are counted, not listed. */
const several = 64;

/** All limits of gradients, the verdict on the answer of backpropagation, and the element of least norm. */
export interface SetReport {
  readonly limits: Pick<Bouligand, "complete" | "reason" | "arithmetic" | "claim" | "counts"> & {
    readonly found: number;
    readonly undecided: number;
    /** Those that were found, where they are few and have few entries; null else. */
    readonly gradients: readonly (readonly number[])[] | null;
  };
  readonly membership: Pick<Membership, "verdict" | "reason" | "arithmetic" | "claim" | "gap"> & {
    /** Convex weights and the limits that they mix to the answer, where these have few entries. */
    readonly mixture: readonly { readonly weight: number; readonly gradient: readonly number[] | null }[];
    /** A direction along which the answer is larger than all elements, where it has few entries. */
    readonly direction: readonly number[] | null;
  };
  readonly leastNorm: {
    readonly gradient: readonly number[] | null;
    readonly norm: number;
    readonly complete: boolean;
    readonly claim: string;
  };
}

function limitsReport({ complete, reason, arithmetic, claim, counts, found, undecided }: Bouligand) {
  const gradients = found.slice(0, several).map(({ gradient }) => listed(entriesOf(gradient)));
  const isListed = found.length <= several && gradients.every((gradient) => gradient !== null);
  return {
    ...{ complete, reason, arithmetic, claim, counts, found: found.length, undecided: undecided.length },
    gradients: isListed ? (gradients as (readonly number[])[]) : null,
  };
}

function membershipReport({ verdict, reason, arithmetic, claim, gap, mixture, direction }: Membership) {
  return {
    ...{ verdict, reason, arithmetic, claim, gap },
    mixture: mixture.map(({ weight, limit }) => ({ weight, gradient: listed(entriesOf(limit.gradient)) })),
    direction: direction && listed(entriesOf(direction)),
  };
}

/** Searches the set of a function at a point, and asks it about a vector. */
export async function setReport(
  { g, at }: MovingPart,
  answer: unknown,
  options: { readonly limit: number; readonly tolerance: number; readonly seed: number },
): Promise<SetReport> {
  const set = await clarkeSet(g as (...args: never[]) => Tensor, at as never, options);
  const { gradient, norm, complete, claim } = set.minimumNorm();
  return {
    limits: limitsReport(set.limits as Bouligand),
    membership: membershipReport(set.member(answer as never) as Membership),
    leastNorm: { gradient: listed(entriesOf(gradient)), norm, complete, claim },
  };
}

// What a caller asks for, checked: a function, a point, directions, and how near numbers tie.
import type { AdError, Tensor } from "@nonsmooth/ad-core";
import {
  checkSettings,
  domainError,
  flattenArguments,
  flattenLike,
  isReal,
  type Lowered,
  lower,
  type TreeFunction,
} from "@nonsmooth/ad-core/transforms";
import type { Asked } from "../sweep/check.ts";
import { numbersOf } from "../sweep/numbers.ts";

/** Settings of the derivatives along directions. */
export interface DirectionOptions {
  /**
   * Numbers that differ by no more count as equal, values and tangents alike; 0, exact ties, when absent. With more the
   * result is that of a nearby point at best: nothing is promised for this one.
   */
  readonly tolerance?: number;
}

/** A checked question. */
export interface Question extends Asked {
  readonly lowered: Lowered;
  readonly form: ReturnType<typeof flattenArguments>["form"];
}

/** Takes a function and a point apart. */
export function ask(where: string, f: unknown, args: unknown, { tolerance = 0 }: DirectionOptions): Question {
  if (!(tolerance >= 0 && tolerance < Infinity))
    throw domainError(where, "tolerance", "a number from 0", String(tolerance), "0 asks for exact ties");
  const { form, leaves } = flattenArguments(where, args);
  const lowered = lower(where, f as TreeFunction, form);
  return { where, run: lowered.run, lowered, form, leaves, tolerance };
}

/** Refuses settings that the function does not know. */
export const checkOptions = (where: string, options: unknown, more: readonly string[] = []): void =>
  checkSettings(where, options, [...more, "tolerance"]);

/** Takes a direction apart, which has the form, shapes and dtypes of the arguments, and finite entries. */
export function readDirection({ where, form, leaves }: Question, what: string, direction: unknown): readonly Tensor[] {
  const flat = flattenLike(where, what, direction, form, leaves);
  flat.forEach((d, i) => {
    if (!isReal((leaves[i] as Tensor).dtype)) return;
    const odd = numbersOf(where, d).data.find((v: number) => !Number.isFinite(v));
    if (odd !== undefined) throw notFinite(where, what, odd);
  });
  return flat;
}

const notFinite = (where: string, what: string, value: number): AdError =>
  domainError(where, what, "finite numbers", value, "a direction is a list of finite speeds");

// Settings and types that the public transforms share.
import type { Select } from "../selections/selection.ts";
import type { Operand, Tensor } from "../tensors/tensor.ts";
import type { Like } from "../tensors/tree.ts";

/** Settings of a transform. */
export interface TransformOptions {
  /** Choices at kinks, by operation (`relu`) or by operation and site (`relu@block1`). */
  readonly select?: Select;
}

/** Settings of a transform that differentiates with respect to some arguments. */
export interface GradientOptions<Wrt = number | readonly number[]> extends TransformOptions {
  /** The argument, counted from 0, or several of them; the first when absent. */
  readonly wrt?: Wrt;
}

/** What a function of the arguments `Args` may be called with: plain numbers stand for `f64` scalars. */
export type Accept<Args> = { readonly [K in keyof Args]: AcceptOne<Args[K]> };

type AcceptOne<T> = [T] extends [Tensor] ? Operand : T;

/** The form of a gradient: that of the argument `wrt`, or a list of those of several arguments. */
export type GradientOf<Args extends readonly unknown[], Wrt> = Wrt extends number
  ? Like<Args[Wrt]>
  : { -readonly [K in keyof Wrt]: Wrt[K] extends number ? Like<Args[Wrt[K]]> : never };

/** A list of arguments as trees of tensors. */
export type LikeAll<Args extends readonly unknown[]> = { -readonly [K in keyof Args]: Like<Args[K]> };

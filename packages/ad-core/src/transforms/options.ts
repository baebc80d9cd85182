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
export interface GradientOptions extends TransformOptions {
  /** The argument, counted from 0, or several of them; the first when absent. */
  readonly wrt?: number | readonly number[];
}

/** What a function of the arguments `Args` may be called with: plain numbers stand for `f64` scalars. */
export type Accept<Args> = { readonly [K in keyof Args]: AcceptOne<Args[K]> };

type AcceptOne<T> = [T] extends [Tensor] ? Operand : T;

/** The form of a gradient: that of the argument, or a list of those of several arguments. */
export type GradientOf<Args extends readonly unknown[], Options> = Options extends { readonly wrt: infer W }
  ? W extends number
    ? Like<Args[W]>
    : { -readonly [K in keyof W]: W[K] extends number ? Like<Args[W[K]]> : never }
  : Like<Args[0]>;

/** A list of arguments as trees of tensors. */
export type LikeAll<Args extends readonly unknown[]> = { -readonly [K in keyof Args]: Like<Args[K]> };

/** Settings without others: a misspelt one does not compile, even beside a known one. */
export type Exactly<Options> = Options & { readonly [K in Exclude<keyof Options, keyof GradientOptions>]: never };

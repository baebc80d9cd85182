// What is kept of a run whose kinks are left open.
import type { Maybe, Tensor } from "@nonsmooth/ad-core";

/** One element of a value of the run: a slot, and its number in row-major order. A slot of -1 does not move. */
export interface Cell {
  readonly slot: number;
  readonly element: number;
}

/** A smooth instruction: cotangents of its sources from that of its target. */
export interface SmoothEntry {
  readonly kind: "smooth";
  readonly sources: readonly number[];
  readonly target: number;
  vjp(gy: Tensor): readonly Maybe[];
  /** Whether its map is the same wherever it is taken: the instruction is affine in what moves. */
  readonly isAffine: boolean;
  /** The elements of the target that are norms at 0, and the variables that stand for them; the map is 0 there. */
  readonly open: readonly { readonly at: number; readonly variable: number }[];
}

/** Branches that tie at one place: one of them, or one for each rank that is taken, and it is left open which. */
export interface Switch {
  readonly name: string;
  readonly site: string;
  /** How many instructions passed before it in the run. */
  readonly position: number;
  /** Where the place is in the result of the operation, without the axis that is sorted. */
  readonly index: readonly number[];
  readonly branches: readonly Branch[];
  /** The ranks that are taken, in ascending order, and the variable that stands for what is there. */
  readonly taken: readonly { readonly rank: number; readonly variable: number }[];
}

/** One of the branches of a switch. */
export interface Branch extends Cell {
  /** Its number in written order. */
  readonly number: number;
  readonly value: number;
}

/** A Euclidean norm at 0: the cells of the vector, and the variable that stands for the norm. */
export interface Ball {
  readonly name: string;
  readonly site: string;
  readonly position: number;
  readonly index: readonly number[];
  readonly cells: readonly Cell[];
  readonly variable: number;
}

/** Where one element of a result comes from: from a variable that was left open, or from one branch. */
export interface Source extends Cell {
  /** The element of the target. */
  readonly at: number;
  readonly share: number;
  /** The variable; -1 for one that is decided, and comes from the cell. */
  readonly variable: number;
}

/** An instruction with a kink: what it takes of its branches at each element of its target. */
export interface KinkEntry {
  readonly kind: "kink";
  readonly target: number;
  readonly sources: readonly Source[];
  /** Puts a cotangent of the target in the order of the rows that the branches lie in. */
  rowsOf(gy: Tensor): Tensor;
}

/** One step of a run. */
export type Entry = SmoothEntry | KinkEntry;

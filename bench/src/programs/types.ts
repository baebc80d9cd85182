/** What a program is to the commands: a scalar function, its arguments, and those that its gradient is for. */
import type { Tensor } from "@nonsmooth/ad-core";
import type { RealDType } from "@nonsmooth/nets";

/** What a program is built from. A setting that a program has no use for is refused. */
export interface ProgramOptions {
  /** Size of the program; what it counts is said by {@link ProgramSource.sweeps}. */
  readonly inputs?: number;
  readonly seed: number;
  readonly dtype: RealDType;
  /** How many images. */
  readonly batch?: number;
  /** Folder of data sets; without it the environment variable NONSMOOTH_DATA is asked. */
  readonly dataFolder?: string;
}

/** A program, ready to run: `f(...args)` is a scalar. */
export interface BuiltProgram {
  readonly name: string;
  /** One sentence, for people. */
  readonly description: string;
  /** What it was built with. */
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly f: (...args: never[]) => Tensor;
  readonly args: readonly unknown[];
  /** The arguments that the gradient is for. */
  readonly wrt: number | readonly number[];
}

/** A program that can be built in several sizes. */
export interface ProgramSource {
  readonly name: string;
  /** One sentence, for people. */
  readonly description: string;
  /** What `inputs` counts; null when the size is fixed. */
  readonly sweeps: string | null;
  readonly build: (options: ProgramOptions) => BuiltProgram | Promise<BuiltProgram>;
}

/** What a training run is: everything that its result depends on, as plain data. */
import type { RealDType } from "@nonsmooth/nets";
import type { DataName } from "../data/catalogue.ts";
import type { MachineName } from "./machines.ts";
import type { ModelPlan } from "./modelPlan.ts";
import type { OptimizerPlan } from "./optimizers.ts";

/** How layers compute in 16 bits; the rest is as `mixed` of the trainer says when absent. */
export interface MixedPlan {
  readonly dtype: "f16" | "bf16";
  readonly scale?: number;
}

/** A run's settings. A run with the same plan gives the same bits. */
export interface TrainingPlan extends ModelPlan, OptimizerPlan {
  readonly data: DataName;
  /** At most so many images or tokens to train with, and to test with; null for all. */
  readonly limit: number | null;
  /** Pixels around an image, of which random crops are made; 0 for none. */
  readonly crop: number;
  /** Whether images are mirrored at random. */
  readonly flip: boolean;
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  /** Of parameters, states and samples. */
  readonly dtype: RealDType;
  readonly mixed: MixedPlan | null;
  readonly machine: MachineName;
  /** A seed that draws the order of sums; null for the order that operations state. */
  readonly shuffled: number | null;
  /** The share of a label that all classes get alike. */
  readonly labelSmoothing: number;
  /** As on the command line, such as `relu=last`. */
  readonly select: readonly string[];
  /** A checkpoint after each so many steps. */
  readonly checkpointEvery: number;
}

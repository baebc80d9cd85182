/** The number formats of the studies, and what they are to a run. */
import type { TrainingPlan } from "./plan.ts";

/** From many bits to few. With `mixed`, layers compute in f16 with a scaled loss, and weights are f32. */
export const formats = ["f64", "f32", "bf16", "f16", "mixed"] as const;
export type Format = (typeof formats)[number];

/** The format of parameters, states and samples, and that of the layers where it is another. */
export const dtypesOf = (format: Format): Pick<TrainingPlan, "dtype" | "mixed"> =>
  format === "mixed" ? { dtype: "f32", mixed: { dtype: "f16" } } : { dtype: format, mixed: null };

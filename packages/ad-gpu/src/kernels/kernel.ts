// What a kernel is: the text of one instruction, for its shapes.
import type { TensorType } from "@nonsmooth/ad-core";
import { type Body, kernelText } from "../text/body.ts";

/** What a stage reads: an operand of the instruction by its number, the result of an earlier stage, or numbers that never change. */
export type Read = number | { readonly stage: number } | { readonly data: readonly number[] };

/** A shader of our own for a stage, on the buffers of WebGPU. */
export interface Shader {
  /** Its bindings are those of gpu.js: 0 is a uniform, then the operands, then the result. */
  readonly wgsl: string;
  readonly groups: readonly [number, number, number];
  /** How often one thread comes to the head of a loop at most. */
  readonly rounds: number;
}

/** One function of flat arrays that computes one number for each element of its result. */
export interface Stage {
  readonly source: string;
  readonly reads: readonly Read[];
  readonly size: number;
  /** How often one thread comes to the head of a loop of the source at most. */
  readonly rounds: number;
  /** What WebGPU runs instead. */
  readonly shader?: Shader;
}

/** How an instruction is computed: stages in order, of which the last one makes the result. */
export interface Work {
  readonly stages: readonly Stage[];
  /** A stage of one number that counts bad values in the operands; a run with any fails. Its stages come before it. */
  readonly faults?: readonly Stage[];
}

/** One instruction. */
export interface Task<P = unknown> {
  readonly inputs: readonly [TensorType, TensorType, TensorType, ...TensorType[]];
  readonly output: TensorType;
  readonly params: P;
}

/** Makes the stages of an instruction. */
export type Kernel<P = never> = (task: Task<P>) => Work;

/** A stage, by its reads, the size of its result, and what it computes at each element. */
export const stage = (
  reads: readonly Read[],
  size: number,
  build: (body: Body, at: string, args: readonly string[]) => string,
): Stage => ({ reads, size, ...kernelText(reads.length, build) });

/** Work of one stage over the operands. */
export const oneStage = (
  count: number,
  size: number,
  build: (body: Body, at: string, args: readonly string[]) => string,
): Work => ({
  stages: [
    stage(
      Array.from({ length: count }, (_, i) => i),
      size,
      build,
    ),
  ],
});

/** Work of one stage for which WebGPU has a shader of ours, where there is one. */
export const withShader = ({ stages }: Work, shader: Shader | undefined): Work => ({
  stages: stages.map((one) => (shader ? { ...one, shader } : one)),
});

/** Stages put behind others: what they read of each other is counted anew. */
export const after = (before: readonly Stage[], stages: readonly Stage[]): Stage[] => [
  ...before,
  ...stages.map((one) => ({
    ...one,
    reads: one.reads.map((read) =>
      typeof read === "object" && "stage" in read ? { stage: read.stage + before.length } : read,
    ),
  })),
];

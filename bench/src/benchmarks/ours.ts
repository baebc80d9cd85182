// The scalar benchmark on this package.
import { type ScalarProgram, scalarBuilder } from "@nonsmooth/ad-core";
import { medians, type Repeats, timed } from "./timing.ts";
import { runWorkload, type Workload } from "./workload.ts";

/** Times of one system in nanoseconds for each operation. */
export interface Times {
  readonly record: number;
  readonly reverse: number;
  /** Values at the recorded point again, and the gradient there. */
  readonly replay: number;
}

/** What a system did. */
export interface Outcome {
  readonly name: string;
  readonly times: Times;
  readonly gradient: Float64Array;
}

function recordWorkload(workload: Workload, over?: ScalarProgram): ScalarProgram {
  const b = scalarBuilder(over ? { over } : {});
  const x = Int32Array.from(workload.inputs, (value) => b.input(value));
  return b.program([runWorkload(x, workload.layers, b)]);
}

/** Records over the same memory again and again, or each time in fresh memory. */
export function measureOurs(workload: Workload, repeats: Repeats, isFresh: boolean): Outcome {
  let program: ScalarProgram | undefined;
  let gradient = new Float64Array(0);
  const times = medians(repeats, () => {
    const [recordMs, recorded] = timed(() => recordWorkload(workload, isFresh ? undefined : program));
    const [reverseMs] = timed(() => recorded.recorded.reverse());
    const [replayMs, found] = timed(() => recorded.at(workload.inputs).reverse());
    program = recorded;
    gradient = new Float64Array(found);
    return { record: recordMs, reverse: reverseMs, replay: replayMs };
  });
  const scale = 1e6 / (program as ScalarProgram).length;
  const perOperation = { record: scale * times.record, reverse: scale * times.reverse, replay: scale * times.replay };
  return { name: isFresh ? "nonsmooth, fresh memory" : "nonsmooth", times: perOperation, gradient };
}

/**
 * Bytes for each operation of a recording and a gradient: of the arrays that are held at the end, and of all that the
 * process allocated meanwhile, the arrays that were outgrown included.
 */
export function measureBytes(
  workload: Workload,
  collect: () => void,
): { readonly held: number; readonly allocated: number } {
  collect();
  const before = process.memoryUsage().arrayBuffers;
  const program = recordWorkload(workload);
  program.recorded.reverse();
  const after = process.memoryUsage().arrayBuffers;
  const { code, value } = program.memory;
  const cotangents = value.BYTES_PER_ELEMENT * program.recorded.values.length;
  return {
    held: (code.byteLength + value.byteLength + cotangents) / program.length,
    allocated: (after - before) / program.length,
  };
}

// The scalar benchmark on these packages.
import { type ScalarBuilderOptions, type ScalarProgram, scalarBuilder } from "@nonsmooth/ad-core";
import { scalarStore, scalars } from "@nonsmooth/ad-wasm";
import { medians, type Repeats, timed } from "./timing.ts";
import { runWorkload, type Workload } from "./workload.ts";

/** Times of one system in nanoseconds for each operation; null for what it was not asked to do. */
export interface Times {
  readonly record: number | null;
  readonly reverse: number | null;
  /** Values at the recorded point again, and the gradient there. */
  readonly replay: number;
}

/** What a system did. */
export interface Outcome {
  readonly name: string;
  readonly times: Times;
  readonly gradient: Float64Array;
}

function recordWorkload(workload: Workload, options: ScalarBuilderOptions = {}): ScalarProgram {
  const b = scalarBuilder(options);
  const x = Int32Array.from(workload.inputs, (value) => b.input(value));
  return b.program([runWorkload(x, workload.layers, b)]);
}

/** Records over the same memory again and again, or each time in fresh memory. */
export function measureOurs(workload: Workload, repeats: Repeats, isFresh: boolean): Outcome {
  let program: ScalarProgram | undefined;
  let gradient = new Float64Array(0);
  const times = medians(repeats, () => {
    const [recordMs, recorded] = timed(() => recordWorkload(workload, isFresh || !program ? {} : { over: program }));
    const [reverseMs] = timed(() => recorded.recorded.reverse());
    const [replayMs, found] = timed(() => recorded.at(workload.inputs).reverse());
    program = recorded;
    gradient = new Float64Array(found);
    return { record: recordMs, reverse: reverseMs, replay: replayMs };
  });
  return { name: isFresh ? "nonsmooth, fresh memory" : "nonsmooth", times: perOperation(times, program), gradient };
}

/** Nanoseconds for each operation, from milliseconds. */
function perOperation<Name extends string>(times: Record<Name, number>, program?: ScalarProgram): Record<Name, number> {
  const scale = 1e6 / (program as ScalarProgram).length;
  const scaled = Object.entries<number>(times).map(([name, time]) => [name, scale * time]);
  return Object.fromEntries(scaled) as Record<Name, number>;
}

/** Records into memory of WebAssembly, over the same again and again, and runs the sweeps there. */
export function measureSweeps(workload: Workload, repeats: Repeats): Outcome {
  let program: ScalarProgram | undefined;
  let gradient = new Float64Array(0);
  const times = medians(repeats, () => {
    const options = program ? { over: program } : { store: scalarStore };
    const [recordMs, recorded] = timed(() => recordWorkload(workload, options));
    const [reverseMs] = timed(() => scalars(recorded).reverse());
    const running = scalars(recorded, { generateAfter: Infinity });
    const [replayMs, found] = timed(() => {
      running.at(workload.inputs);
      return running.reverse();
    });
    program = recorded;
    gradient = new Float64Array(found);
    return { record: recordMs, reverse: reverseMs, replay: replayMs };
  });
  return { name: "nonsmooth, WebAssembly", times: perOperation(times, program), gradient };
}

/** Replays one program in code of its own, and says how long that takes to make. */
export function measureOwnCode(workload: Workload, repeats: Repeats): Outcome & { readonly generationMs: number } {
  const program = recordWorkload(workload, { store: scalarStore });
  const running = scalars(program, { generateAfter: 0 });
  const [generationMs] = timed(() => running.at(workload.inputs));
  // Replays are many by then, and a host compiles such code anew while it runs.
  const times = medians({ warmUp: 5 * repeats.warmUp, measured: repeats.measured }, () => {
    const [replay] = timed(() => {
      running.at(workload.inputs);
      running.reverse();
    });
    return { replay };
  });
  const { replay } = perOperation(times, program);
  const gradient = new Float64Array(running.reverse());
  return { name: "nonsmooth, own code", times: { record: null, reverse: null, replay }, gradient, generationMs };
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

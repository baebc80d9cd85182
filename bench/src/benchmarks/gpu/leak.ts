// Whether memory grows with the number of runs of one program.
import { compile, matmul, mul, relu, sub, sum, type Tensor, tensor, trace, valueAndGrad } from "@nonsmooth/ad-core";
import type { GpuExecutable, GpuMachine } from "@nonsmooth/ad-gpu";
import { type Memory, memoryNow } from "./memory.ts";

/** Memory after some runs. */
export interface LeakMark extends Memory {
  readonly runs: number;
  /** Bytes of the program's buffers on the device. */
  readonly session: number;
}

/** Bytes that memory may grow by, however many runs there are: the heap wanders, and so does the library of WebGPU. */
export const mostGrowth: Readonly<Record<"heap" | "rss", number>> = { heap: 2 ** 19, rss: 2 ** 24 };

/** What became of memory. */
export interface LeakFound {
  readonly marks: readonly LeakMark[];
  /** Bytes from the third mark on: the first runs compile code and fill buffers. */
  readonly growth: typeof mostGrowth;
  readonly isFlat: boolean;
}

const size = 16;

/** A small step: descent on the squares of a layer, whose weights stay on the device. */
function smallStep(machine: GpuMachine): { readonly executable: GpuExecutable; readonly x: Tensor } {
  const numbers = (shift: number): number[] =>
    Array.from({ length: size * size }, (_, i) => ((i * shift) % 17) / 17 - 0.4);
  const [w, x] = [5, 7].map((shift) => tensor(numbers(shift), { shape: [size, size], dtype: "f32" })) as [
    Tensor,
    Tensor,
  ];
  const loss = (weights: Tensor, samples: Tensor): Tensor => {
    const y = relu(matmul(samples, weights));
    return sum(mul(y, y));
  };
  const program = trace(
    (weights: Tensor, samples: Tensor) => {
      const [value, gradient] = valueAndGrad(loss)(weights, samples);
      return { weights: sub(weights, mul(gradient, 1e-4)), loss: value };
    },
    [w, x],
  );
  const executable = compile(program, machine, { carry: { weights: 0 } }) as GpuExecutable;
  executable.write("weights", w);
  return { executable, x };
}

/** Runs a small step so many times, and says eleven times how much memory there is. */
export async function measureLeak(
  machine: GpuMachine,
  runs: number,
  say: (mark: LeakMark) => void,
): Promise<LeakFound> {
  const { executable, x } = smallStep(machine);
  const marks: LeakMark[] = [];
  for (let made = 0; made <= runs; made++) {
    if (made % (runs / 10) === 0) {
      const mark = { runs: made, ...(await memoryNow()), session: executable.describe().bytes };
      marks.push(mark);
      say(mark);
    }
    if (made < runs) await executable.run([x]);
  }
  executable.dispose();
  return foundIn(marks);
}

function foundIn(marks: readonly LeakMark[]): LeakFound {
  const [from, to] = [marks[2], marks.at(-1)] as [LeakMark, LeakMark];
  const growth = { heap: to.heap - from.heap, rss: to.rss - from.rss };
  const isSame = marks.slice(2).every(({ session }) => session === from.session);
  return { marks, growth, isFlat: isSame && growth.heap <= mostGrowth.heap && growth.rss <= mostGrowth.rss };
}

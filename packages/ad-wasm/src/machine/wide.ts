// Vectors of 256 bits: V8 joins pairs of neighbouring vectors when a flag is set that Node 24 and later have.
import { conv2d, grad, matmul, square, sum, type Tensor, tensor, trace } from "@nonsmooth/ad-core";
import type { Vectors } from "../encoding/module.ts";
import { kernels } from "../kernels/index.ts";
import { type Engine, engine } from "./engine.ts";
import { WasmExecutable } from "./executable.ts";

const oldest = 24;

/** What was found in this process, without and with fused products: null when pairs are joined, else why not. */
const found = new Map<boolean, string | null>();

/** Has the engine join pairs of vectors from now on; says why not when it cannot, or gets other bits. */
export function turnOnWide(isFused: boolean): string | null {
  const reason = found.get(isFused) ?? tryWide(isFused, engine());
  found.set(isFused, reason);
  return reason;
}

function tryWide(isFused: boolean, host: Engine | null): string | null {
  if (host === null) return "this host is not Node";
  if (host.processor !== "x64") return `the processor is ${host.processor}, not x64`;
  if (Number.parseInt(host.version, 10) < oldest) return `Node ${host.version} is older than ${oldest}`;
  const [expected, got] = [false, true].map((isWide) => samples({ isWide, isFused })) as [number[], number[]];
  return got.every((value, i) => Object.is(value, expected[i])) ? null : "this engine gets other bits with it";
}

/** Results of products whose shapes fill tiles and leave something over, with every kernel that has tiles. */
function samples(vectors: Vectors): number[] {
  return (["f32", "f64"] as const).flatMap((dtype) => {
    const args = [numbers([39, 300], dtype), numbers([300, 53], dtype), numbers([19, 5, 9, 8], dtype)];
    const filter = numbers([11, 5, 3, 3], dtype);
    const program = trace(
      (a: Tensor, b: Tensor, x: Tensor) => {
        const gradients = grad(([image, weights]: [Tensor, Tensor]) =>
          sum(square(conv2d(image, weights, { padding: 1 }))),
        )([x, filter]);
        return [matmul(a, b), ...gradients];
      },
      args as [Tensor, Tensor, Tensor],
    );
    const means = { kernels, threads: 1, vectors, pool: null, owner: found };
    const executable = new WasmExecutable(program, means, {});
    const results = executable.run(args) as Tensor[];
    executable.dispose();
    return results.flatMap(({ data }) => Array.from(data));
  });
}

function numbers(shape: readonly number[], dtype: "f32" | "f64"): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(
    Array.from({ length: size }, (_, i) => ((i * 37) % 101) / 101 - 0.5),
    { shape, dtype },
  );
}

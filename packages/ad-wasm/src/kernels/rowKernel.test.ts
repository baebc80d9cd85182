import { records, type Tensor } from "@nonsmooth/ad-core";
import { describe, expect, test } from "vitest";
import { type RowCase, rowCases, rowTensor } from "../../laws/rowCases.ts";
import { aligned, ModuleBuilder } from "../encoding/module.ts";
import { bytesOf, type Kernel, sizeOf } from "./kernel.ts";
import { normalizeKernels } from "./normalize.ts";
import { reductionKernels } from "./reductions.ts";

/** For each unit of a kernel, run alone, the numbers of the vectors of 16 bytes that it writes. */
function writtenVectors(kernel: Kernel<unknown>, name: string, x: Tensor, params: unknown): number[][] {
  const shape = records.get(name)?.shape([x, x, x], params) ?? [];
  const output = { shape, dtype: x.dtype };
  const module = new ModuleBuilder();
  const work = kernel({ module, inputs: [x], output, params });
  module.export("run", work.function);
  const [out, bytes] = [aligned(module.tablesEnd), aligned(sizeOf(output) * bytesOf(x.dtype))];
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 });
  const compiled = new WebAssembly.Module(module.finish({ pages: 4, isShared: false }));
  const { run } = new WebAssembly.Instance(compiled, { env: { memory } }).exports as Record<string, CallableFunction>;
  const area = new Uint8Array(memory.buffer, out, bytes);
  const unitWrites = (unit: number): number[] => {
    const found = new Set<number>();
    for (const before of [0x5a, 0xa5]) {
      area.fill(before);
      run?.(out, out + bytes, out + 2 * bytes + 65536, unit, unit + 1);
      for (const [i, byte] of area.entries()) if (byte !== before) found.add(Math.floor(i / 16));
    }
    return [...found];
  };
  return Array.from({ length: work.units }, (_, unit) => unitWrites(unit));
}

const small: readonly RowCase[] = rowCases("f16").filter(({ shape }) => shape.length > 1);

describe.each(["f32", "f64"] as const)("units of %s write no vectors of each other", (dtype) => {
  test.each(small)("$shape along $axes", ({ shape, axes }) => {
    const x = rowTensor(shape, dtype);
    const params: readonly [string, Kernel | undefined, unknown][] = [
      ["mean", reductionKernels.mean, axes],
      ["normalize", normalizeKernels.normalize, { axes, epsilon: 1 }],
    ];
    for (const [name, kernel, settings] of params) {
      const written = writtenVectors(kernel as unknown as Kernel<unknown>, name, x, settings).flat();
      expect(new Set(written).size).toBe(written.length);
    }
  });
});

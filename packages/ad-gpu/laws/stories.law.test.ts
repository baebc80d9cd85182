/** Programs over several runs: what is carried, what is shown, what goes wrong and what is left after it. */
import {
  add,
  cast,
  compile,
  gather,
  greater,
  isTrue,
  key,
  mul,
  randomUniform,
  reference,
  split,
  sum,
  type Tensor,
  tensor,
  trace,
  where,
} from "@nonsmooth/ad-core";
import { conformsOverRuns } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import type { GpuMachine } from "../src/index.ts";
import { onEachMachine } from "./machines.ts";

const row = (...values: number[]): Tensor => tensor(values, { dtype: "f32" });
const index = (...values: number[]): Tensor => tensor(values, { dtype: "i32" });

/** What a program shows and carries over some runs, on the GPU machine or on the reference. */
interface Runs {
  readonly f: (...args: never[]) => unknown;
  readonly carry: Readonly<Record<string, number>>;
  readonly begin: Readonly<Record<string, Tensor>>;
  readonly others: readonly (readonly Tensor[])[];
}

async function story(machine: GpuMachine | null, { f, carry, begin, others }: Runs): Promise<unknown[]> {
  const args = Object.keys(carry).map((name) => begin[name] as Tensor);
  const program = trace(f as (...args: unknown[]) => Tensor, [...args, ...(others[0] ?? [])] as unknown[]);
  const running = compile(program, machine ?? reference(), { carry });
  for (const [name, value] of Object.entries(begin)) running.write(name, value);
  const shown: unknown[] = [];
  for (const rest of others) shown.push(await running.run(rest));
  for (const name of Object.keys(carry)) shown.push(await running.read(name));
  running.dispose();
  return shown;
}

await onEachMachine(({ machine }) => {
  test("what is carried is that of the reference", () => conformsOverRuns(machine));

  test("keys are carried with all their bits", async () => {
    const f = (from: Tensor, x: Tensor) => {
      const [next, own] = split(from);
      return { from: next, y: add(x, randomUniform(own, [3], { dtype: "f32" })) };
    };
    const others = [[row(0, 0, 0)], [row(1, 2, 3)]];
    const runs = { f, carry: { from: 0 }, begin: { from: key(2 ** 50 + 3) }, others };
    expect(await story(machine, runs)).toEqual(await story(null, runs));
  });

  test("keys that nothing draws from keep their bits too", async () => {
    const f = (from: Tensor, _kept: Tensor, x: Tensor) => {
      const [next] = split(from);
      return { from: next, kept: next, passed: from, y: add(x, 1) };
    };
    const begin = { from: key(2 ** 50 + 3), kept: key(2 ** 51 + 5) };
    const runs = { f, carry: { from: 0, kept: 1 }, begin, others: [[row(0)], [row(1)]] };
    expect(await story(machine, runs)).toEqual(await story(null, runs));
    const swapped = (a: Tensor, b: Tensor, x: Tensor) => ({ a: b, b: a, y: mul(x, 2) });
    const both = { f: swapped, carry: { a: 0, b: 1 }, begin: { a: begin.from, b: begin.kept }, others: [[row(1)]] };
    expect(await story(machine, both)).toEqual(await story(null, both));
  });

  test("runs that overlap are done one after the other", async () => {
    const running = compile(
      trace((a, x) => ({ a: add(a, x), old: a }), [row(0), row(0)]),
      machine,
      { carry: { a: 0 } },
    );
    running.write("a", row(1));
    const shown = [running.run([row(2)]), running.run([row(3)]), running.read("a")];
    expect(await Promise.all(shown)).toEqual([{ old: row(1) }, { old: row(3) }, row(6)]);
    running.dispose();
  });

  test("a guard that differs is an error, and what is carried stays", async () => {
    const f = (a: Tensor, x: Tensor) => ({ a: add(a, x), y: isTrue(greater(sum(x), 0)) ? mul(x, 2) : x });
    const running = compile(trace(f, [row(0), row(1)]), machine, { carry: { a: 0 } });
    running.write("a", row(5));
    await expect(running.run([row(-1)])).rejects.toThrow(expect.objectContaining({ code: "guard" }));
    expect(await running.read("a")).toEqual(row(5));
    expect(await running.run([row(2)])).toEqual({ y: row(4) });
    expect(await running.read("a")).toEqual(row(7));
  });

  test("an index out of range is the error of the reference, and what is carried stays", async () => {
    const f = (a: Tensor, i: Tensor) => ({ a: add(a, 1), y: gather(a, i) });
    const running = compile(trace(f, [row(1, 2, 3), index(0)]), machine, { carry: { a: 0 } });
    running.write("a", row(1, 2, 3));
    await expect(running.run([index(3)])).rejects.toThrow("gather: index 0 out of range: expected 0 to 2, got 3");
    expect(await running.run([index(2)])).toEqual({ y: row(3) });
    expect(await running.read("a")).toEqual(row(2, 3, 4));
  });

  test("wrong arguments are refused at the door, in the promise", async () => {
    const running = compile(
      trace((x: Tensor) => mul(x, 2), [row(1, 2)]),
      machine,
    );
    await expect(running.run([row(1)])).rejects.toThrow(expect.objectContaining({ code: "shape" }));
    await expect(running.run([tensor([1, 2])])).rejects.toThrow(expect.objectContaining({ code: "dtype" }));
    await expect(running.run([])).rejects.toThrow(expect.objectContaining({ code: "data" }));
    expect(await running.run([row(1, 2)])).toEqual(row(2, 4));
  });

  test("a program that was disposed of says so", async () => {
    const running = compile(
      trace((x: Tensor) => mul(x, 2), [row(1)]),
      machine,
    );
    running.dispose();
    running.dispose();
    await expect(running.run([row(1)])).rejects.toThrow("Executable: it was disposed of");
  });

  test("formats that the device has not are refused", async () => {
    const double = trace((x: Tensor) => mul(x, 2), [tensor([1, 2])]);
    expect(() => compile(double, machine)).toThrow(
      "gpu: the device does not compute in this format: expected f32, i32 and bool, and f64 for single numbers alone, got f64; " +
        "trace the program with f32, or run it on the wasm machine, which has f64",
    );
    const half = trace((x: Tensor) => cast(mul(cast(x, "f16"), 2), "f32"), [row(1)]);
    expect(() => compile(half, machine)).toThrow(expect.objectContaining({ code: "dtype" }));
    const widened = trace((x: Tensor) => mul(cast(sum(x), "f64"), 2), [row(1)]);
    expect(() => compile(widened, machine)).toThrow(expect.objectContaining({ code: "dtype" }));
  });

  test("single numbers of 64 bits are computed on the host, and carried there", async () => {
    const f = (count: Tensor, x: Tensor) => {
      const next = add(count, 1);
      const isLate = greater(next, 2);
      return { count: next, y: where(isLate, mul(x, cast(mul(next, 0.1), "f32")), x), next };
    };
    const others = [[row(1, 2)], [row(1, 2)], [row(3, 4)]];
    const runs = { f, carry: { count: 0 }, begin: { count: tensor(0) }, others };
    expect(await story(machine, runs)).toEqual(await story(null, runs));
  });

  test("whole numbers beyond 2^24 are refused, not rounded", async () => {
    const running = compile(
      trace((x: Tensor) => mul(x, 2), [index(1)]),
      machine,
    );
    expect(await running.run([index(2 ** 23)])).toEqual(index(2 ** 24));
    await expect(running.run([index(2 ** 24)])).rejects.toThrow("too many bits for the device");
    await expect(running.run([index(2 ** 25)])).rejects.toThrow("too many bits for the device");
  });

  test("a tensor that is too large is refused", async () => {
    const program = trace((x: Tensor) => add(x, tensor(new Float32Array(2 ** 24 + 1), { dtype: "f32" })), [row(1)]);
    const running = compile(program, machine);
    await expect(running.run([row(1)])).rejects.toThrow("gpu: a tensor is too large for the device");
    running.dispose();
  });
});

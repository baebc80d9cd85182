/** What fails in a run, and what a machine can do afterwards. */
import { type Worker, Worker as WorkerThread } from "node:worker_threads";
import {
  add,
  broadcastTo,
  type CompileOptions,
  compile,
  concatenate,
  cumsum,
  exp,
  gather,
  greater,
  isTrue,
  mul,
  type ProgramData,
  reference,
  scalarBuilder,
  sum,
  type Tensor,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { expectSameBits } from "@nonsmooth/ad-testing";
import { afterEach, describe, expect, test } from "vitest";
import { plainVectors } from "../encoding/module.ts";
import { kernels } from "../kernels/index.ts";
import { scalarStore } from "../scalars/memory.ts";
import { scalars } from "../scalars/scalars.ts";
import { WasmExecutable } from "./executable.ts";
import { nodeScript } from "./helperScripts.ts";
import { nodeHost } from "./hosts.ts";
import { type Patience, Pool } from "./pool.ts";
import { type WasmMachine, wasm } from "./wasm.ts";

const size = 100_001;
const x = tensor(
  Array.from({ length: size }, (_, i) => ((i * 37) % 1009) / 500 - 1),
  { dtype: "f32" },
);
const index = (...values: number[]): Tensor => tensor(values, { dtype: "i32" });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Things to end after a test. */
const opened: { dispose(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.dispose();
});

/** A machine whose threads have started. */
async function machineOf(threads: number): Promise<WasmMachine> {
  const machine = wasm({ threads });
  opened.push(machine);
  await pause(500);
  return machine;
}

/** Threads whose script is changed, and which can be got at. */
async function openPool(script: (text: string) => string, patience?: Patience): Promise<[Pool, Worker[]]> {
  const workers: Worker[] = [];
  class Changed extends WorkerThread {
    constructor(text: string, options: object) {
      super(script(text), options);
      workers.push(this);
    }
  }
  const pool = new Pool(nodeHost({ Worker: Changed as never }), 2, patience);
  opened.push(pool);
  while (!pool.isReady) await pause(10);
  return [pool, workers];
}

const endOf = (worker: Worker | undefined): Promise<void> => new Promise((end) => worker?.once("exit", () => end()));

const compileWith = (pool: Pool, program: ProgramData, options: CompileOptions = {}): WasmExecutable =>
  new WasmExecutable(program, { kernels, threads: 3, vectors: plainVectors, pool, owner: {} }, options);

const doubling = trace((a: Tensor, b: Tensor) => ({ a: exp(mul(a, 0.5)), shown: exp(add(a, b)) }), [x, x]);
const expected = compile(doubling, reference()).run([x, x]) as { a: Tensor; shown: Tensor };

function expectDoubled(found: unknown): void {
  const { a, shown } = found as { a: Tensor; shown: Tensor };
  expectSameBits("a", a, expected.a);
  expectSameBits("shown", shown, expected.shown);
}

describe("an operation that fails on one of several threads", () => {
  /** Work for all threads before and behind a gather that one thread does. */
  const between = trace(
    (a: Tensor, i: Tensor) => {
      const before = exp(mul(a, 0.5));
      return exp(mul(before, gather(gather(before, i), index(0))));
    },
    [x, index(0)],
  );

  test.each([2, 3, 4])("leaves %s threads in step", async (threads) => {
    const machine = await machineOf(threads);
    const [running, beside] = [compile(between, machine), compile(doubling, machine)];
    const right = compile(between, reference()).run([x, index(5)]) as Tensor;
    for (let round = 0; round < 20; round++) {
      expect(() => running.run([x, index(size)])).toThrow(`expected 0 to ${size - 1}, got ${size}`);
      if (round % 2 === 0) expectDoubled(beside.run([x, x]));
      expectSameBits(`round ${round}`, running.run([x, index(5)]) as Tensor, right);
    }
  });

  test.each([2, 3])("is named when all %s threads do it together", async (threads) => {
    const many = trace(
      (a: Tensor, i: Tensor) => gather(gather(a, index(1, 2, 3, 4)), i),
      [x, index(...Array<number>(size).fill(0))],
    );
    const running = compile(many, await machineOf(threads));
    const rows = Int32Array.from({ length: size }, (_, i) => i % 4);
    const right = compile(many, reference()).run([x, tensor(rows, { dtype: "i32" })]) as Tensor;
    for (let round = 0; round < 5; round++) {
      const wrong = tensor(rows.with(size - 2, 4), { dtype: "i32" });
      expect(() => running.run([x, wrong])).toThrow(`gather: index ${size - 2} out of range`);
      expectSameBits(`round ${round}`, running.run([x, tensor(rows, { dtype: "i32" })]) as Tensor, right);
    }
  });

  test("comes after a guard that stands before it, and before one that stands behind", () => {
    const guarded = (isFirst: boolean) => (a: Tensor, i: Tensor) => {
      const branch = (): Tensor => (isTrue(greater(sum(a), 0)) ? a : mul(a, 2));
      const [early, picked, late] = [isFirst ? branch() : a, gather(a, i), isFirst ? a : branch()];
      return add(add(early, picked), late);
    };
    for (const isFirst of [true, false]) {
      const program = trace(guarded(isFirst), [tensor([1]), index(0)]);
      const code = isFirst ? "guard" : "domain";
      for (const machine of [wasm(), reference()])
        expect(() => compile(program, machine).run([tensor([-1]), index(7)])).toThrow(
          expect.objectContaining({ code }),
        );
    }
  });
});

describe("a thread that ends", () => {
  test("between runs leaves the others: the machine goes on with one", async () => {
    const [pool, [worker]] = await openPool((text) => text);
    const running = compileWith(pool, doubling);
    expectDoubled(running.run([x, x]));
    await Promise.all([endOf(worker), worker?.terminate()]);
    expect(pool.isReady).toBe(false);
    expectDoubled(running.run([x, x]));
    expectDoubled(compileWith(pool, doubling).run([x, x]));
  });

  test("by an error is no error of the process", async () => {
    const [pool, [worker]] = await openPool((text) => text.replace("if (thread < threads)", "throw new Error('no');"));
    pool.begin(0);
    await endOf(worker);
    expect(pool.isReady).toBe(false);
    expectDoubled(compileWith(pool, doubling).run([x, x]));
  });

  test("in a run is an error, after which the machine goes on with one", async () => {
    const dying = (text: string) => text.replace("if (thread < threads)", "if (thread === 2) process.exit(); else");
    const [pool] = await openPool(dying, { looks: 1000n, nanoseconds: 100_000_000n });
    const [running, beside] = [compileWith(pool, doubling, { carry: { a: 0 } }), compileWith(pool, doubling)];
    running.write("a", x);
    expect(() => running.run([x])).toThrow("a thread did not come");
    expectDoubled(beside.run([x, x]));
    // What was carried may be half written, so it is gone.
    expect(() => running.run([x])).toThrow(expect.objectContaining({ code: "missing" }));
    running.write("a", x);
    expectSameBits("shown", (running.run([x]) as { shown: Tensor }).shown, expected.shown);
    expectSameBits("a", running.read("a") as Tensor, expected.a);
  });
});

describe("what is disposed of", () => {
  test("a machine: its programs go on with one thread, at once and later", async () => {
    const machine = await machineOf(3);
    const running = compile(doubling, machine);
    expectDoubled(running.run([x, x]));
    machine.dispose();
    machine.dispose();
    expectDoubled(running.run([x, x]));
    expectDoubled(compile(doubling, machine).run([x, x]));
  });

  test("a program: its memory serves the next, whatever its size", async () => {
    const machine = await machineOf(2);
    for (let round = 0; round < 12; round++) {
      const part = tensor(x.data.subarray(0, size - 7919 * (round % 5)), { dtype: "f32" });
      const program = trace((a: Tensor) => cumsum(exp(cumsum(a, { axis: 0 })), { axis: 0 }), [part]);
      const running = compile(program, machine);
      const right = compile(program, reference()).run([part]) as Tensor;
      expectSameBits(`round ${round}`, running.run([part]) as Tensor, right);
      running.dispose();
      running.dispose();
    }
  });
});

describe("a program that the host cannot take", () => {
  const small = trace((a: Tensor) => mul(a, 2), [tensor(1)]);

  test("for want of memory is refused, and runs when there is some again", async () => {
    const held: WebAssembly.Memory[] = [];
    const fill = (): never => {
      for (;;) held.push(new WebAssembly.Memory({ initial: 65536, maximum: 65536, shared: true }));
    };
    const machines = [wasm(), wasm({ threads: 2 })] as const;
    opened.push(...machines);
    // Threads of earlier tests end when they like, and leave room then.
    await pause(500);
    // The first failure collects garbage, which leaves room again.
    for (let times = 0; times < 3; times++) expect(fill).toThrow(RangeError);
    for (const machine of machines) {
      expect(fill).toThrow(RangeError);
      const refused = expect.objectContaining({ code: "backend", where: "wasm" });
      expect(() => compile(small, machine)).toThrow(refused);
    }
    const tape = (): Float64Array => {
      const b = scalarBuilder({ store: scalarStore });
      return scalars(b.program([b.square(b.input(3))])).reverse();
    };
    expect(fill).toThrow(RangeError);
    expect(tape).toThrow(expect.objectContaining({ code: "backend" }));
    held.length = 0;
    expect(tape()).toEqual(Float64Array.of(6));
    for (const machine of machines) expect(compile(small, machine).run([tensor(3)])).toEqual(tensor(6));
  });

  test("since it is larger than any memory", () => {
    const program = trace((a: Tensor) => cumsum(broadcastTo(a, [1 << 16, 1 << 14]), { axis: 0 }), [tensor(1)]);
    const machine = wasm();
    expect(() => compile(program, machine)).toThrow("expected at most 4 GiB, got 17 GiB");
    expect(compile(small, machine).run([tensor(3)])).toEqual(tensor(6));
  });

  test("since its code is beyond a limit", () => {
    const parts = (a: Tensor): Tensor[] => Array.from({ length: 1100 }, (_, i) => mul(a, i));
    const program = trace((a: Tensor) => concatenate(parts(a)), [tensor([1])]);
    const machine = wasm();
    expect(() => compile(program, machine)).toThrow(expect.objectContaining({ code: "backend", where: "wasm" }));
    expect(compile(small, machine).run([tensor(3)])).toEqual(tensor(6));
  });
});

test("the script of helpers is the one that these tests change", () => {
  expect(nodeScript).toContain("if (thread < threads)");
});

import {
  type AdError,
  atKink,
  blend,
  first,
  flatten,
  type Handle,
  last,
  leakyReluPrimitive,
  random,
  type ScalarBuilder,
  type ScalarProgram,
  type ScalarStore,
  scalarBuilder,
  type TieSelection,
  uniform,
} from "@nonsmooth/ad-core";
import { opcodes, plainNames, plainOperation } from "@nonsmooth/ad-core/machines";
import { describe, expect, test } from "vitest";
import { bump, hypotenuse } from "../../laws/scalarRecipes.ts";
import { scalarStore, scalars, type WasmScalarsOptions } from "../index.ts";

/** The sweeps, and code of a program's own. */
const ways = [
  ["the sweeps", Infinity],
  ["code of its own", 0],
] as const;

const errorOf = (body: () => unknown): AdError => {
  try {
    body();
  } catch (error) {
    return error as AdError;
  }
  throw new Error("nothing was thrown");
};

/** A program of some inputs and one output. */
function programOf(
  x: readonly number[],
  body: (b: ScalarBuilder, x: readonly Handle[]) => Handle,
  store: ScalarStore = scalarStore,
): ScalarProgram {
  const b = scalarBuilder({ store });
  return b.program([
    body(
      b,
      x.map((value) => b.input(value)),
    ),
  ]);
}

const numbers = [0.7, -1.3, 2, 0, -0, 6, 8, 1e-320, -709.5, 1e300, Infinity, -Infinity, NaN];
const selections: readonly TieSelection[] = [first, last, uniform, atKink(0.3), blend(first, uniform, -2), random(5)];

describe.each(ways)("%s", (_way, generateAfter) => {
  const operations = plainNames.map((name, i) => [name, plainOperation(opcodes.plain + i)] as const);

  test.each(operations)("%s has the bits of the reference, at ties under every selection", (name, operation) => {
    const isBinary = operation.statement.arity === 2;
    const program = programOf([1, 1].slice(0, operation.statement.arity), (b, x) =>
      operation.record ? b.apply(name, x) : b.inv(x[0] as Handle),
    );
    const running = scalars(program, { generateAfter });
    const isTie = operation.statement.kink !== undefined;
    for (const a of numbers) {
      for (const b of isBinary ? numbers : [0]) {
        const x = [a, b].slice(0, operation.statement.arity);
        const point = program.at(x);
        expect([x, running.at(x)]).toEqual([x, point.outputs]);
        for (const selection of isTie ? selections : [first]) {
          const options = isTie ? { select: { [name]: selection } } : {};
          expect([x, running.reverse([2], options)]).toEqual([x, point.reverse([2], options)]);
        }
      }
    }
  });

  test("runs operations with settings and users' own", () => {
    const program = programOf([-2, 0.5], (b, [x, y]) => {
      const [u, v] = [b.apply(leakyReluPrimitive, [x as Handle], 0.25), b.apply(bump, [y as Handle])];
      return b.apply(hypotenuse, [b.apply(leakyReluPrimitive, [u], 0.5), v]);
    });
    const running = scalars(program, { generateAfter });
    for (const x of [
      [-2, 0.5],
      [0, 1],
      [3, -1],
    ]) {
      const point = program.at(x);
      expect(running.at(x)).toEqual(point.outputs);
      for (const select of [{}, { leakyRelu: last, "law/bump": uniform }])
        expect(running.reverse([1], { select })).toEqual(point.reverse([1], { select }));
    }
  });

  test("stops at guards with the reference's errors, and stays where it was", () => {
    const program = programOf([1, 2], (b, [x, y]) => {
      const isLess = b.atSite("choice", () => b.isTrue(b.less(x as Handle, y as Handle)));
      return b.square(isLess ? (y as Handle) : (x as Handle));
    });
    const running = scalars(program, { generateAfter });
    running.at([3, 4]);
    const [error, expected] = [errorOf(() => running.at([4, 3])), errorOf(() => program.at([4, 3]))];
    expect({ ...error, message: error.message }).toEqual({ ...expected, message: expected.message });
    expect(running.reverse()).toEqual(Float64Array.of(0, 8));
    expect(errorOf(() => running.at([1])).code).toBe("shape");
    expect(running.reverse()).toEqual(Float64Array.of(0, 8));
  });

  test("runs calls as the reference does, ties and draws inside them included", () => {
    const inner = programOf([1, 1], (b, [x, y]) => b.maximum(b.relu(x as Handle), b.mul(x as Handle, y as Handle)));
    const program = programOf([0, 1], (b, [x, y]) => {
      let sum = y as Handle;
      for (let i = 0; i < 20; i++) sum = b.add(sum, b.call(inner, [x as Handle, b.relu(sum)])[0] as Handle);
      return b.add(sum, b.call(inner, [sum, sum])[0] as Handle);
    });
    for (const one of [program, flatten(program)]) {
      const running = scalars(one, { generateAfter });
      for (const x of [
        [0, 1],
        [0, 0],
        [1, -1],
      ]) {
        const point = one.at(x);
        expect(running.at(x)).toEqual(point.outputs);
        for (const select of [{}, { relu: random(3), maximum: random(4) }])
          expect(running.reverse([1], { select })).toEqual(point.reverse([1], { select }));
      }
    }
  });

  test("leaves no cotangents behind, also when a choice is refused in the middle", () => {
    const program = programOf([0, 3], (b, [x, y]) => b.add(b.relu(x as Handle), b.mul(x as Handle, y as Handle)));
    const running = scalars(program, { generateAfter });
    running.at([0, 3]);
    const expected = program.at([0, 3]).reverse();
    for (const select of [{ "relu@none": last }, { rely: last }])
      expect(errorOf(() => running.reverse([1], { select })).code).toBe("selection");
    expect(errorOf(() => running.reverse([1, 2])).code).toBe("shape");
    expect(running.reverse()).toEqual(expected);
    expect(running.reverse()).toEqual(expected);
  });

  test("programs of one recording take turns in its memory", () => {
    const b = scalarBuilder({ store: scalarStore });
    const x = b.input(3);
    const y = b.square(x);
    const early = b.program([y]);
    const late = b.program([b.mul(y, b.exp(x))]);
    const [one, other, again] = [early, late, late].map((program) => scalars(program, { generateAfter })) as [
      ReturnType<typeof scalars>,
      ReturnType<typeof scalars>,
      ReturnType<typeof scalars>,
    ];
    one.at([2]);
    other.at([1]);
    again.at([-1]);
    expect([one.reverse(), other.reverse(), again.reverse()]).toEqual([
      early.at([2]).reverse(),
      late.at([1]).reverse(),
      late.at([-1]).reverse(),
    ]);
    expect(scalars(late).reverse()).toEqual(late.recorded.reverse());
  });

  test("is refused once it was disposed of, or its program's memory given away", () => {
    const program = programOf([1], (b, [x]) => b.exp(x as Handle));
    const [one, other] = [scalars(program, { generateAfter }), scalars(program, { generateAfter })];
    other.at([2]);
    one.dispose();
    expect(errorOf(() => one.at([1])).code).toBe("backend");
    expect(errorOf(() => one.reverse()).code).toBe("backend");
    scalarBuilder({ over: program });
    expect([errorOf(() => other.reverse()).code, errorOf(() => scalars(program)).code]).toEqual(["data", "data"]);
  });
});

describe("the store", () => {
  /** Squares and sums in turn, until there are so many cells. */
  function long(b: ScalarBuilder, cells: number): ScalarProgram {
    const x = b.input(0.75);
    let y = x;
    for (let i = 1; i < cells; i++) y = i % 2 === 0 ? b.add(y, x) : b.mul(y, x);
    return b.program([y]);
  }

  test("grows while it is recorded into, and programs from before go on", () => {
    const b = scalarBuilder({ store: scalarStore });
    const early = long(b, 10);
    const late = long(b, 1_100_000);
    for (const program of [early, late]) {
      const running = scalars(program);
      expect(running.reverse()).toEqual(program.recorded.reverse());
      const x = Array.from(program.inputs, () => 0.5);
      expect(running.at(x)).toEqual(program.at(x).outputs);
      expect(running.reverse()).toEqual(program.at(x).reverse());
    }
  });

  test("is kept by recordings over a program", () => {
    const before = long(scalarBuilder({ store: scalarStore }), 10);
    const { buffer } = before.code;
    const after = long(scalarBuilder({ over: before }), 20);
    expect(after.code.buffer).toBe(buffer);
    expect(scalars(after).reverse()).toEqual(after.recorded.reverse());
    expect(errorOf(() => scalarBuilder({ over: after, store: scalarStore })).code).toBe("domain");
  });

  test("is not needed: a program from elsewhere is copied", () => {
    const program = long(scalarBuilder(), 100);
    const running = scalars(program);
    expect(running.reverse()).toEqual(program.recorded.reverse());
    expect(running.at([2])).toEqual(program.at([2]).outputs);
    expect(running.reverse()).toEqual(program.at([2]).reverse());
  });
});

describe("code of a program's own", () => {
  const repeated = (rounds: number): ScalarProgram =>
    programOf([0.5, -0.25], (b, x) => {
      let [u, v] = x as [Handle, Handle];
      for (let i = 0; i < rounds; i++) [u, v] = [b.relu(b.add(b.mul(u, v), x[0] as Handle)), b.sub(u, x[1] as Handle)];
      return b.mul(u, v);
    });

  test("comes after as many replays as it is told to", () => {
    const running = scalars(repeated(10), { generateAfter: 2 });
    const states = [1, 2, 3].map(() => {
      running.at([1, 1]);
      return running.describe().isGenerated;
    });
    expect(states).toEqual([false, false, true]);
  });

  test("has loops where instructions repeat", () => {
    const [short, long] = [100, 10_000].map((rounds) => {
      const running = scalars(repeated(rounds), { generateAfter: 0 });
      running.at([0.5, -0.25]);
      expect(running.reverse()).toEqual(running.program.recorded.reverse());
      return running.describe();
    });
    expect(long?.cells).toBeGreaterThan(90 * (short?.cells as number));
    expect(long?.codeBytes).toBeLessThan((short?.codeBytes as number) + 1000);
  });

  test("is not made when it would be too long, and the sweeps go on", () => {
    let state = 7;
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return (state >>> 8) % below;
    };
    const program = programOf([1.5, 0.5, -0.5], (b, x) => {
      const cells = [...x];
      const near = (): Handle => cells[Math.max(0, cells.length - 1 - next(100))] as Handle;
      while (cells.length < 70_000) cells.push(next(2) === 0 ? b.relu(near()) : b.maximum(b.neg(near()), near()));
      return cells.at(-1) as Handle;
    });
    const running = scalars(program, { generateAfter: 0 });
    expect(running.at([1, 2, 3])).toEqual(program.at([1, 2, 3]).outputs);
    expect(running.reverse()).toEqual(program.at([1, 2, 3]).reverse());
    expect(running.describe()).toEqual({ cells: program.cells, isGenerated: false, codeBytes: 0 });
  });
});

test.each([
  ["an unknown setting", { generateAfters: 1 }],
  ["a fraction", { generateAfter: 0.5 }],
  ["a number below 0", { generateAfter: -1 }],
  ["NaN", { generateAfter: NaN }],
])("%s is refused", (_says, options) => {
  const program = programOf([1], (b, [x]) => b.exp(x as Handle));
  expect(errorOf(() => scalars(program, options as WasmScalarsOptions)).code).toBe("domain");
});

test("a tape that needs more than 4 GiB is refused before any memory is asked for", () => {
  const { code, message } = errorOf(() => scalarStore.allocate(2 ** 27));
  expect([code, message]).toEqual(["backend", expect.stringContaining("134217728 cells")]);
});

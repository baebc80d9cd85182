import { describe, expect, test } from "vitest";
import { errorOf } from "../../laws/refusals.ts";
import { doubles } from "../arithmetic/numbers.ts";
import { records } from "../primitives/records.ts";
import { mixAt } from "../primitives/ties.ts";
import {
  atKink,
  atZero,
  blend,
  first,
  last,
  random,
  type TieSelection,
  uniform,
  weights,
} from "../selections/selection.ts";
import { scalarBuilder } from "./builder.ts";
import { flatten } from "./flatten.ts";
import { plainNames } from "./names.generated.ts";
import { type Handle, opcodes } from "./opcodes.ts";
import { plainOperations, type ScalarOperation } from "./operations.ts";
import type { ScalarPoint } from "./point.ts";

const numbers = [0.7, -1.3, 2, 0, -0, 6, 8, 1e-320, -709.5, 1e300, Infinity, -Infinity, NaN];
const selections: readonly TieSelection[] = [
  ...[first, last, uniform, atKink(0.3), blend(first, uniform, -2), random(5), random(6)],
  weights((k) => [2, ...Array<number>(k - 1).fill(-1 / (k - 1))]),
];

/** One operation at one place. */
function pointOf(operation: ScalarOperation, a: number, b: number): ScalarPoint {
  const m = scalarBuilder();
  const cells = [a, b].slice(0, operation.statement.arity).map((value) => m.input(value));
  const y = operation.record ? m.apply(operation.name, cells) : m.inv(cells[0] as Handle);
  return m.program([y]).recorded;
}

/** What the statement says, read on doubles with the weights of ties. */
function expected({ statement }: ScalarOperation, a: number, b: number, selection: TieSelection): [number, number[]] {
  const second = statement.arity === 2 ? b : a;
  const y = statement.value(doubles, a, second);
  const { kink, residual, partials = [], arity } = statement;
  const r = residual?.(doubles, y, a, second) ?? 0;
  const found = kink
    ? kink.partials.map((partial) => {
        const mix = mixAt(kink.branches(doubles, a, second), { order: kink.order, selection, kink: 0 });
        return partial(doubles, mix, a, second);
      })
    : Array.from({ length: arity }, (_, i) => partials[i]?.(doubles, y, a, second, r) ?? 0);
  return [y, found.map((p) => doubles.scaleBy(p, 2) + 0)];
}

describe.each(plainOperations.map((operation) => [operation.name, operation] as const))("%s", (name, operation) => {
  const seconds = operation.statement.arity === 2 ? numbers : [0];
  const pairs = numbers.flatMap((a) => seconds.map((b) => [a, b] as const));
  const isTie = operation.statement.kink !== undefined;

  test("has the value and the partials of its statement, in both modes and under every selection", () => {
    for (const [a, b] of pairs) {
      const point = pointOf(operation, a, b);
      const x = [a, b].slice(0, operation.statement.arity);
      for (const selection of isTie ? selections : [first]) {
        const [y, partials] = expected(operation, a, b, selection);
        const options = isTie ? { select: { [name]: selection } } : {};
        expect([a, b, ...point.outputs]).toEqual([a, b, y]);
        expect([a, b, ...point.program.at(x).outputs]).toEqual([a, b, y]);
        expect([a, b, ...point.reverse([2], options)].map((v) => v + 0)).toEqual([a, b, ...partials].map((v) => v + 0));
        const columns = point.forward(
          x.map((_, i) => x.map((_v, k) => (k === i ? 2 : 0))),
          options,
        );
        expect(columns.map(([dy]) => (dy as number) + 0)).toEqual(partials);
      }
    }
  });

  test("takes its own default where nothing is selected", () => {
    const kink = operation.record?.kink;
    if (kink?.type !== "tie") return;
    const fallback = kink.default;
    for (const [a, b] of pairs) {
      expect([...pointOf(operation, a, b).reverse([2])].map((v) => v + 0)).toEqual(
        expected(operation, a, b, fallback)[1],
      );
    }
  });
});

test("every elementary record without settings has a number and, when its name is a word, a method", () => {
  const plain = [...records.values()].filter(({ statement }) => statement?.length === 0).map(({ name }) => name);
  expect([...plainNames].toSorted()).toEqual([...plain, "inv"].toSorted());
  expect(opcodes.plain + plainNames.length).toBeLessThan(256);
  const b = scalarBuilder();
  for (const name of plainNames.filter((word) => !word.includes("."))) expect(b[name as "relu"]).toBeTypeOf("function");
});

describe("what is not taken leaves no trace", () => {
  test("a selection keeps NaN and infinite slopes of the other branch out", () => {
    const b = scalarBuilder();
    const x = b.input(-1);
    const y = b.select(b.less(b.constant(0), x), b.sqrt(x), b.mul(x, x));
    const point = b.program([y]).recorded;
    expect([...point.reverse()]).toEqual([-2]);
    expect(point.forward([[1]])).toEqual([Float64Array.of(-2)]);
  });

  test("a partial of 0 keeps an infinite cotangent out, and a cotangent of 0 an infinite partial", () => {
    const b = scalarBuilder();
    const [x, z] = [b.input(0), b.input(0)];
    const point = b.program([b.log(b.mul(x, z)), b.mul(b.sqrt(x), b.constant(0))]).recorded;
    expect([...point.reverse([1, 1])]).toEqual([0, 0]);
    expect(point.forward([[1, 1]]).map((dy) => [...dy])).toEqual([[0, 0]]);
  });

  test("a conditional has no derivative through its condition", () => {
    const b = scalarBuilder();
    const [x, z] = [b.input(1), b.input(2)];
    const point = b.program([b.select(x, z, x)]).recorded;
    expect([...point.reverse()]).toEqual([0, 1]);
  });
});

test("draws differ along a program, and are the same in both modes and in every run", () => {
  const b = scalarBuilder();
  const x = b.input(0);
  const program = b.program(Array.from({ length: 60 }, () => b.relu(x)));
  const options = { select: { relu: random(3) } };
  const one = (k: number): number[] => Array.from({ length: 60 }, (_, i) => (i === k ? 1 : 0));
  const slopes = Array.from({ length: 60 }, (_, k) => program.recorded.reverse(one(k), options)[0] as number);
  expect(new Set(slopes)).toEqual(new Set([0, 1]));
  expect([...(program.at([0]).forward([[1]], options)[0] as Float64Array)]).toEqual(slopes);
});

test("draws inside and after a call are those of the program written out", () => {
  const inner = scalarBuilder();
  const z = inner.input(0);
  const three = inner.program([inner.add(inner.relu(z), inner.add(inner.relu(z), inner.relu(z)))]);
  const b = scalarBuilder();
  const x = b.input(0);
  const outputs = Array.from({ length: 20 }, () => [...b.call(three, [x]), b.relu(x)]).flat();
  const program = b.program(outputs);
  const options = { select: { relu: random(3) } };
  const [nested] = program.recorded.forward([[1]], options);
  expect(nested).toEqual(flatten(program).recorded.forward([[1]], options)[0]);
  expect(new Set(nested).size).toBeGreaterThan(3);
  for (const [k, slope] of outputs.map((_, i) => [i, (nested as Float64Array)[i]])) {
    const one = outputs.map((_, i) => (i === k ? 1 : 0));
    expect(program.recorded.reverse(one, options)[0]).toBe(slope);
  }
});

test("a selection of another kind is refused", () => {
  const b = scalarBuilder();
  const point = b.program([b.relu(b.input(1))]).recorded;
  expect(errorOf(() => point.reverse([1], { select: { relu: atZero("ones") } })).code).toBe("selection");
});

test("runs give back their room clean, also after an error and inside each other", () => {
  const inner = scalarBuilder();
  const [u] = [inner.input(1)];
  const square = inner.program([inner.square(u)]);
  const b = scalarBuilder();
  const x = b.input(3);
  let y = x;
  for (let i = 0; i < 3; i++) y = b.mul(b.call(square, [y])[0] as Handle, b.call(square, [x])[0] as Handle);
  const point = b.program([y]).recorded;
  const gradient = point.reverse()[0];
  expect(gradient).toBe(22 * 3 ** 21);
  expect(() => point.reverse([1], { select: { "relu@none": last } })).toThrow();
  expect([point.reverse()[0], point.reverse()[0]]).toEqual([gradient, gradient]);
});

/**
 * Laws of recorded programs: a replay is the function, bit for bit, whatever transform stands inside or outside; a
 * simplified or reloaded program is the same function; prices add up. Source: definition.
 */
import {
  checkpoint,
  compile,
  grad,
  greater,
  type Histogram,
  hashOf,
  isTrue,
  jvp,
  type Program,
  type ProgramData,
  programFromJson,
  programToJson,
  reference,
  simplify,
  sum,
  type Tensor,
  type TensorType,
  tensor,
  trace,
  valueAndGrad,
  vjp,
} from "@nonsmooth/ad-core";
import { expectSameBits, fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { addHistograms } from "../src/arithmetic/algebra.ts";
import { metered } from "./meter.ts";
import { type Run, runs, withoutDraws } from "./programs.ts";

type Matrices = (...x: Tensor[]) => Tensor;

/** The numbers that programs should not stumble over. */
const extremes = [NaN, Infinity, -Infinity, -0, 0, 5e-324, -5e-324, 1, -1, 1e308];

const oddMatrix: fc.Arbitrary<Tensor> = fc
  .array(fc.constantFrom(...extremes), { minLength: 9, maxLength: 9 })
  .map((list) => tensor(list, { shape: [3, 3] }));

/** A run, and inputs of the same shapes with NaN, infinities, both zeros and subnormals. */
interface OddRun {
  readonly run: Run;
  readonly odd: Tensor[];
}

const oddRuns = (options: Parameters<typeof runs>[1] = { jumps: true }): fc.Arbitrary<OddRun> =>
  runs("kinky", options).chain((run) => {
    const { inputs } = run.program;
    return fc.record({
      run: fc.constant(run),
      odd: fc.array(oddMatrix, { minLength: inputs, maxLength: inputs }),
    });
  });

/** What transforms make of a random program: one of several functions with one result. */
function derivedFrom({ program: { loss, run }, select, tangents, cotangent }: Run, which: number): Matrices {
  const functions: Matrices[] = [
    run,
    grad(loss, { select }),
    (...x) => jvp(run, x, tangents, { select })[1],
    (...x) => (vjp(run, x, { select })[1](cotangent) as Tensor[])[0] as Tensor,
    (...x) => jvp(grad(loss, { select }), x, tangents, { select })[1],
  ];
  return functions[which % functions.length] as Matrices;
}

/** A random program or a derivative of one, and two places: on kinks, and at extreme numbers. */
interface DerivedRun {
  readonly f: Matrices;
  readonly inputs: Tensor[];
  readonly odd: Tensor[];
}

const derivedRuns: fc.Arbitrary<DerivedRun> = fc
  .tuple(oddRuns(), fc.nat(4))
  .map(([{ run, odd }, which]) => ({ f: derivedFrom(run, which), inputs: run.inputs, odd }));

const lengthOf = ({ code }: ProgramData): number => code.primitive.length;

/** The price of a recorded program, instruction by instruction, from its tables alone. */
function priceOf({ code, tables, inputTypes, constants }: ProgramData): Histogram {
  const types = [...inputTypes, ...Array.from(code.type, (index) => tables.types[index] as TensorType)];
  const typeAt = (place: number): TensorType => (place < 0 ? constants[-1 - place] : types[place]) as TensorType;
  let total: Histogram = {};
  code.primitive.forEach((index, i) => {
    const operands = Array.from(code.operands.subarray(code.operandStart[i], code.operandStart[i + 1]), typeAt);
    const params = tables.params[code.params[i] as number];
    total = addHistograms(total, tables.primitives[index]?.cost(operands as never, params) ?? {});
  });
  return total;
}

test("a replay is the function, bit for bit, at other inputs than those of the recording", () => {
  fc.assert(
    fc.property(oddRuns(), ({ run: { program, inputs }, odd }) => {
      const recorded: Matrices = trace(program.run, inputs);
      for (const at of [inputs, odd]) expectSameBits("replay", recorded(...at), program.run(...at));
    }),
  );
});

test("a recorded derivative is the derivative, bit for bit, whatever the selection", () => {
  fc.assert(
    fc.property(derivedRuns, ({ f, inputs, odd }) => {
      const recorded: Matrices = trace(f, odd);
      for (const at of [inputs, odd]) expectSameBits("replay of a derivative", recorded(...at), f(...at));
    }),
  );
});

test("the derivative of a recorded program is the derivative, bit for bit, whatever the selection", () => {
  fc.assert(
    fc.property(oddRuns(), ({ run, odd }) => {
      const { program, inputs, tangents, cotangent, select } = run;
      const [whole, loss]: Matrices[] = [trace(program.run, odd), trace(program.loss, odd)];
      for (const at of [inputs, odd]) {
        const [value, gradient] = valueAndGrad(loss as Matrices, { select })(...at) as [Tensor, Tensor];
        const plain = valueAndGrad(program.loss, { select })(...at) as [Tensor, Tensor];
        expectSameBits("value", value, plain[0]);
        expectSameBits("grad", gradient, plain[1]);
        const pushed = jvp(whole as Matrices, at, tangents, { select });
        expectSameBits("jvp", pushed[1], jvp(program.run, at, tangents, { select })[1]);
        const pulled = vjp(whole as Matrices, at, { select })[1](cotangent) as Tensor[];
        const expected = vjp(program.run, at, { select })[1](cotangent) as Tensor[];
        for (const [i, g] of pulled.entries()) expectSameBits(`vjp ${i}`, g, expected[i] as Tensor);
      }
    }),
  );
});

test("a program of a program is the program", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), ({ program, inputs, select }) => {
      const once = trace(grad(program.loss, { select }) as Matrices, inputs);
      expect(hashOf(trace(once as Matrices, inputs))).toBe(hashOf(once));
    }),
  );
});

test("recording again, at other numbers, gives the same name", () => {
  fc.assert(
    fc.property(derivedRuns, ({ f, inputs, odd }) => {
      expect(hashOf(trace(f, inputs))).toBe(hashOf(trace(f, odd)));
    }),
  );
});

test("simplifying keeps every bit of results, never adds instructions and changes nothing the second time", () => {
  fc.assert(
    fc.property(derivedRuns, ({ f, inputs, odd }) => {
      const program = trace(f, inputs);
      const simple = simplify(program);
      expect(lengthOf(simple)).toBeLessThanOrEqual(lengthOf(program));
      for (const at of [inputs, odd])
        expectSameBits("simplified", (simple as Matrices)(...at), (program as Matrices)(...at));
      expect(hashOf(simplify(simple))).toBe(hashOf(simple));
    }),
  );
});

test("simplifying never makes a program dearer", () => {
  fc.assert(
    fc.property(derivedRuns, ({ f, inputs }) => {
      const program = trace(f, inputs);
      const before = priceOf(program) as Record<string, number>;
      for (const [name, count] of Object.entries(priceOf(simplify(program))))
        expect(count).toBeLessThanOrEqual(before[name] ?? 0);
    }),
  );
});

test("simplifying keeps derivatives in forward mode, bit for bit, under selections that do not draw", () => {
  fc.assert(
    fc.property(oddRuns(), ({ run, odd }) => {
      const select = withoutDraws(run.select);
      const simple: Matrices = simplify(trace(run.program.run, run.inputs));
      for (const at of [run.inputs, odd]) {
        const pushed = (f: Matrices): Tensor => jvp(f, at, run.tangents, { select })[1];
        expectSameBits("jvp of a simplified program", pushed(simple), pushed(run.program.run));
      }
    }),
  );
});

test("a program goes through the text of JSON with every bit and its name", () => {
  fc.assert(
    fc.property(derivedRuns, ({ f, inputs, odd }) => {
      const program = trace(f, odd);
      const json = programToJson(program);
      const loaded: Program<Tensor[], Tensor> = programFromJson(JSON.stringify(json));
      expect(programToJson(loaded)).toEqual(json);
      expect(hashOf(loaded)).toBe(hashOf(program));
      for (const at of [inputs, odd]) expectSameBits("loaded", loaded(...at), f(...at));
    }),
  );
});

test("the reference machine runs a program to the bits of a call", () => {
  fc.assert(
    fc.property(oddRuns(), ({ run, odd }) => {
      const program = trace(grad(run.program.loss, { select: run.select }) as Matrices, run.inputs);
      const running = compile(program, reference());
      for (const at of [run.inputs, odd])
        expectSameBits("run", running.run(at) as Tensor, (program as Matrices)(...at));
    }),
  );
});

/** Static single assignment: whatever is spoken of exists already. */
function expectOrdered({ code, constants, inputTypes, outputs }: ProgramData): void {
  const exists = (place: number, below: number): boolean => place < below && place >= -constants.length;
  code.primitive.forEach((_, i) => {
    const operands = code.operands.subarray(code.operandStart[i], code.operandStart[i + 1]);
    expect(operands.every((place) => exists(place, inputTypes.length + i))).toBe(true);
  });
  expect(outputs.every((place) => exists(place, inputTypes.length + code.primitive.length))).toBe(true);
}

test("operands always come earlier, and results exist", () => {
  fc.assert(
    fc.property(derivedRuns, ({ f, inputs }) => {
      for (const program of [trace(f, inputs), simplify(trace(f, inputs))]) expectOrdered(program);
    }),
  );
});

test("the prices of the instructions add up to what a run asks for, when nothing is constant", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), ({ program, inputs }) => {
      const recorded = trace(program.run, inputs);
      const replayed = metered(() => (recorded as Matrices)(...inputs));
      expect(priceOf(recorded)).toEqual(replayed.formula);
      expect(priceOf(recorded)).toEqual(metered(() => program.run(...inputs)).formula);
    }),
  );
});

test("the prices of a recorded derivative add up to what its replay asks for, and to no more than the derivative", () => {
  fc.assert(
    fc.property(derivedRuns, ({ f, inputs }) => {
      const recorded = trace(f, inputs);
      expect(priceOf(recorded)).toEqual(metered(() => (recorded as Matrices)(...inputs)).formula);
      const eager = metered(() => f(...inputs)).formula as Record<string, number>;
      for (const [name, count] of Object.entries(priceOf(recorded)))
        expect(count).toBeLessThanOrEqual(eager[name] ?? 0);
    }),
  );
});

test("recording asks for no arithmetic on what depends on the arguments", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), ({ program, inputs }) => {
      expect(metered(() => trace(program.run, inputs)).formula).toEqual({});
    }),
  );
});

test("a branch is guarded: a replay either takes the branch of the function or stops", () => {
  fc.assert(
    fc.property(oddRuns({ inputs: 2 }), ({ run: { program, inputs }, odd }) => {
      const branching: Matrices = (...x) =>
        isTrue(greater(sum(program.run(...x)), 0)) ? program.run(...x) : sum(x[0] as Tensor);
      for (const make of [(p: Program<Tensor[], Tensor>) => p, simplify<Tensor[], Tensor>]) {
        const recorded = make(trace(branching, inputs) as Program<Tensor[], Tensor>);
        for (const at of [inputs, odd]) {
          const isSame = isTrue(greater(sum(program.run(...at)), 0)) === recorded.guards[0]?.expected;
          if (isSame) expectSameBits("branch", recorded(...at), branching(...at));
          else expect(() => recorded(...at)).toThrow(/guard 0/);
        }
      }
    }),
  );
});

test("a recorded checkpoint computes the same bits, before and after simplifying", () => {
  fc.assert(
    fc.property(oddRuns(), ({ run: { program, inputs, select }, odd }) => {
      const f = grad(checkpoint(program.loss), { select }) as Matrices;
      const recorded = trace(f, inputs);
      for (const at of [inputs, odd]) {
        expectSameBits("recorded", (recorded as Matrices)(...at), f(...at));
        expectSameBits("simplified", (simplify(recorded) as Matrices)(...at), f(...at));
      }
    }),
  );
});

/**
 * Laws of kink reports: where none is reported all selections give one derivative; ties that a program built by chance
 * says it has are reported; watching changes no bit; a recorded report is the report. Source: elementary.
 */
import { compile, grad, kinks, reference, type Tensor, watchKinks } from "@nonsmooth/ad-core";
import { anySelect, expectSameBits, fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { runs } from "./programs.ts";

test("where a report says smooth, two selections give the same gradient, bit for bit", () => {
  const seen = { smooth: 0, all: 0 };
  fc.assert(
    fc.property(runs("kinky", { steps: 3 }), anySelect(), ({ program, inputs, select }, other) => {
      seen.all += 1;
      if (kinks(program.loss, inputs).status !== 3) return;
      seen.smooth += 1;
      const [one, two] = [select, other].map((s) => grad(program.loss, { select: s, wrt: [0, 1] })(...inputs));
      expectSameBits("the gradient in the first argument", two?.[0] as Tensor, one?.[0] as Tensor);
      expectSameBits("the gradient in the second argument", two?.[1] as Tensor, one?.[1] as Tensor);
    }),
  );
  expect(seen.smooth).toBeGreaterThan(0);
});

test("a tie that the program knows of is reported, and away from kinks there is none", () => {
  const seen = { ties: 0, clear: 0 };
  fc.assert(
    fc.property(fc.oneof(runs("kinky", { steps: 4 }), runs("smooth", { steps: 4 })), ({ program, inputs }) => {
      const hasTie = program.gap(...inputs) === 0;
      const { status } = kinks(program.run, inputs);
      seen[hasTie ? "ties" : "clear"] += 1;
      if (status >= 0) expect(status === 1).toBe(hasTie);
    }),
  );
  expect(seen.ties).toBeGreaterThan(10);
  expect(seen.clear).toBeGreaterThan(10);
});

test("a watched program gives the bits of the function, and its report", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true, steps: 4 }), ({ program, inputs }) => {
      const watched = watchKinks(program.run, inputs);
      const result = compile(watched.program, reference()).run(inputs) as ReturnType<typeof watched.program>;
      expectSameBits("the value", result.value as Tensor, program.run(...inputs));
      expect(watched.report(result)).toEqual(kinks(program.run, inputs));
    }),
  );
});

test("against its own point a report never says that a branch differs", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true, steps: 4 }), ({ program, inputs }) => {
      const report = kinks(program.run, inputs, { recordedAt: inputs } as never);
      expect(report).toEqual(kinks(program.run, inputs));
    }),
  );
});

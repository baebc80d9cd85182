import * as core from "@nonsmooth/ad-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectSameBits } from "../tools/compare.ts";
import { randomProgram } from "./programs.ts";

const names = Object.keys(core);
const values = Object.values(core);

/** Runs code that speaks of the names of ad-core. */
const evaluated = (code: string): ((...inputs: core.Tensor[]) => core.Tensor) =>
  new Function(...names, `return ${code};`)(...values);

const programs = randomProgram({ inputs: 3, steps: 8, jumps: true });

test("a program prints as the code that it runs", () => {
  fc.assert(
    fc.property(
      programs.chain((program) => fc.tuple(fc.constant(program), program.kinky)),
      ([program, inputs]) => {
        expectSameBits("the printed code", evaluated(String(program))(...inputs), program.run(...inputs));
      },
    ),
  );
});

test("values of programs stay finite and small", () => {
  fc.assert(
    fc.property(
      programs.chain((program) => fc.tuple(program.kinky, program.smooth).map((inputs) => ({ program, inputs }))),
      ({ program, inputs }) => {
        for (const list of inputs) {
          expect(Math.max(...program.run(...list).data.map(Math.abs))).toBeLessThan(100);
        }
      },
    ),
  );
});

test("kinky inputs meet kinks, and smooth inputs hardly ever do", () => {
  const found = fc.sample(
    randomProgram({ inputs: 1, steps: 1 }).chain((p) =>
      fc.tuple(p.kinky, p.smooth).map(([k, s]) => [p.gap(...k), p.gap(...s)]),
    ),
    200,
  );
  expect(found.some(([kinky]) => kinky === 0)).toBe(true);
  expect(found.filter(([, smooth]) => smooth === 0).length).toBeLessThan(found.length / 5);
});

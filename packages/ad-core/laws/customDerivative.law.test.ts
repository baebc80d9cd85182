/**
 * Law: a function that is given its own derivative as a custom one keeps it, in every mode and order.
 * Source: definition.
 */
import { customDerivative, jvp, type Tensor, vjp } from "@nonsmooth/ad-core";
import { checkCustomDerivative, expectClose, expectSameBits, fc, type RandomProgram } from "@nonsmooth/ad-testing";
import { test } from "vitest";
import { runs, withoutDraws } from "./programs.ts";

type Options = Parameters<typeof vjp>[2];

/** The program with its own derivative under the given selections, as rules. */
const withOwnRules = ({ run }: RandomProgram, options: Options): ((...inputs: Tensor[]) => Tensor) =>
  customDerivative(run, {
    vjp: (args, _output, cotangent) => vjp(run, args, options)[1](cotangent) as Tensor[],
    jvp: (args, _output, tangents) => jvp(run, args, tangents, options)[1],
  });

test("a program with its own derivative as rules has the same derivative, bit for bit", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), ({ program, inputs, select: any, tangents, cotangent }) => {
      const options = { select: withoutDraws(any) };
      const f = withOwnRules(program, options);
      const pulled = vjp(program.run, inputs, options)[1](cotangent) as Tensor[];
      (vjp(f, inputs)[1](cotangent) as Tensor[]).forEach((gx, i) => {
        expectSameBits(`vjp in argument ${i}`, gx, pulled[i] as Tensor);
      });
      expectSameBits("jvp", jvp(f, inputs, tangents)[1], jvp(program.run, inputs, tangents, options)[1]);
    }),
  );
});

test("its rules are differentiated again", () => {
  fc.assert(
    fc.property(runs("smooth", { steps: 3 }), ({ program, inputs, select: any, tangents, cotangent }) => {
      const options = { select: withoutDraws(any) };
      const f = withOwnRules(program, options);
      const curve = (g: (...x: Tensor[]) => Tensor): Tensor => {
        const gradient = (...x: Tensor[]): Tensor => vjp(g, x, options)[1](cotangent)[0] as Tensor;
        return jvp(gradient, inputs, tangents, options)[1];
      };
      expectClose("second derivative", curve(f), curve(program.run));
    }),
  );
});

test("smooth programs with their own derivative match central differences", () => {
  fc.assert(
    fc.property(runs("smooth", { kinked: false, steps: 3 }), fc.nat(1e6), ({ program, inputs }, seed) => {
      checkCustomDerivative(withOwnRules(program, {}), inputs, { seed, directions: 1 });
    }),
    { numRuns: 30 },
  );
});

/**
 * Law: checkpointing changes what is kept and nothing else: value and derivatives have the same bits, for every
 * selection that does not draw; with draws both modes still agree. Source: definition.
 */
import { checkpoint, grad, hessianVector, jvp, mul, relu, sum, type Tensor, tensor, vjp } from "@nonsmooth/ad-core";
import { checkTranspose, expectClose, expectSameBits, fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { runs, withoutDraws } from "./programs.ts";

test("gradient, tangent and second derivative of a checkpointed program have the same bits", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true, steps: 4 }), ({ program, inputs, select: any, tangents, cotangent }) => {
      const select = withoutDraws(any);
      const kept = checkpoint(program.run);
      const pulled = [kept, program.run].map((f) => vjp(f, inputs, { select })[1](cotangent) as Tensor[]);
      pulled[0]?.forEach((gx, i) => {
        expectSameBits(`vjp in argument ${i}`, gx, pulled[1]?.[i] as Tensor);
      });
      const pushed = [kept, program.run].map((f) => jvp(f, inputs, tangents, { select })[1]) as [Tensor, Tensor];
      expectSameBits("jvp", ...pushed);
      const whole = checkpoint(program.loss);
      const curved = [whole, program.loss].map((f) => hessianVector(f, inputs, tangents, { select }));
      expectClose("second derivative", curved[0] as Tensor, curved[1] as Tensor);
    }),
  );
});

test("checkpoints inside checkpoints change no bit", () => {
  fc.assert(
    fc.property(runs("kinky", { inputs: 1, steps: 3 }), ({ program, inputs, select: any, cotangent }) => {
      const select = withoutDraws(any);
      const plain = (x: Tensor): Tensor => program.run(program.run(x));
      const nested = checkpoint((x: Tensor) => checkpoint(program.run)(checkpoint(program.run)(x)));
      const [x] = inputs as [Tensor];
      const [one, two] = [nested, plain].map((f) => vjp(f, [x], { select })[1](cotangent)[0] as Tensor);
      expectSameBits("vjp", one as Tensor, two as Tensor);
    }),
  );
});

test("with draws the two modes of a checkpointed program still agree", () => {
  fc.assert(
    fc.property(runs("kinky"), fc.nat(1e6), ({ program, inputs, select }, seed) => {
      const f = checkpoint(program.run);
      checkTranspose((...x: Tensor[]) => f(...(x.map((v) => mul(v, 1)) as Tensor[])), inputs, { select, seed });
    }),
  );
});

test("the function runs once forward and once more backward", () => {
  let count = 0;
  const f = checkpoint((x: Tensor) => {
    count += 1;
    return sum(relu(x));
  });
  grad((x: Tensor) => f(x))(tensor([1, 2]));
  expect(count).toBe(2);
});

/**
 * Law: all forms of a derivative are one matrix, on every program, at kinks, for every selection.
 * Source: definition; acceptance item "forward and reverse agree under the same choice".
 */
import {
  grad,
  hessian,
  hessianVector,
  jacobianForward,
  jacobianReverse,
  jvp,
  linearize,
  matmul,
  reshape,
  type Tensor,
  transpose,
  vjp,
} from "@nonsmooth/ad-core";
import { expectClose, expectSameBits, fc } from "@nonsmooth/ad-testing";
import { test } from "vitest";
import { runs } from "./programs.ts";

const asMatrix = (block: Tensor): Tensor => reshape(block, [9, 9]);
const asVector = (x: Tensor): Tensor => reshape(x, [9]);

test("jvp, vjp, linearize and both jacobians are one matrix", () => {
  fc.assert(
    fc.property(runs("kinky", { inputs: 1, jumps: true }), ({ program, inputs, select, tangents, cotangent }) => {
      const J = asMatrix(jacobianForward(program.run, inputs, { select }));
      expectClose("jacobianReverse", asMatrix(jacobianReverse(program.run, inputs, { select })), J);
      const [, dy] = jvp(program.run, inputs, tangents, { select });
      expectClose("jvp", asVector(dy), matmul(J, asVector(tangents[0] as Tensor)));
      const [gx] = vjp(program.run, inputs, { select })[1](cotangent) as [Tensor];
      expectClose("vjp", asVector(gx), matmul(transpose(J), asVector(cotangent)));
      expectSameBits("linearize", linearize(program.run, inputs, { select })[1](...tangents), dy);
    }),
  );
});

test("jacobians with respect to each of two arguments agree", () => {
  fc.assert(
    fc.property(runs("kinky"), ({ program, inputs, select }) => {
      const options = { select, wrt: [0, 1] } as const;
      const columns = jacobianForward<Tensor[], Tensor[]>(program.run, inputs, options);
      const rows = jacobianReverse<Tensor[], Tensor[]>(program.run, inputs, options);
      columns.forEach((block, i) => {
        expectClose(`argument ${i}`, rows[i] as Tensor, block);
      });
    }),
    { numRuns: 30 },
  );
});

test("the second derivative is symmetric off kinks, and its product is that of the matrix", () => {
  fc.assert(
    fc.property(runs("smooth", { inputs: 1, steps: 4 }), ({ program, inputs, select, tangents }) => {
      const H = asMatrix(hessian(program.loss, inputs, { select }));
      const product = hessianVector(program.loss, inputs, tangents, { select });
      expectClose("hessianVector", asVector(product), matmul(H, asVector(tangents[0] as Tensor)));
      if (program.gap(...inputs) > 0) expectClose("the transpose", transpose(H), H);
    }),
    { numRuns: 30 },
  );
});

test("second derivatives agree in the four orders of forward and reverse mode", () => {
  fc.assert(
    fc.property(runs("smooth", { inputs: 1, steps: 4 }), ({ program, inputs, select, tangents }) => {
      if (program.gap(...inputs) === 0) return;
      const [d] = tangents as [Tensor];
      const gradient = grad(program.loss, { select });
      const slope = (x: Tensor): Tensor => jvp(program.loss, [x], [d], { select })[1];
      const forwardOverReverse = jvp(gradient, inputs, [d], { select })[1];
      const reverseOverForward = grad(slope, { select })(inputs[0] as Tensor);
      const reverseOverReverse = vjp(gradient, inputs, { select })[1](d)[0] as Tensor;
      const forwardOverForward = jvp(slope, inputs as [Tensor], [d], { select })[1];
      expectClose("reverse over forward", reverseOverForward, forwardOverReverse);
      expectClose("reverse over reverse", reverseOverReverse, forwardOverReverse);
      const alongBoth = matmul(asVector(d), asVector(forwardOverReverse));
      expectClose("forward over forward", forwardOverForward, alongBoth);
    }),
  );
});

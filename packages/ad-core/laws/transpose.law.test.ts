/**
 * Law: reverse mode is the transpose of forward mode, `<gy, J dx> = <Jᵀ gy, dx>`, for every program, input and
 * selection. Source: definition.
 */
import { jvp, sum, vjp } from "@nonsmooth/ad-core";
import { checkTranspose, fc } from "@nonsmooth/ad-testing";
import { expect, test } from "vitest";
import { inner, runs } from "./programs.ts";

test("<gy, J dx> is <Jᵀ gy, dx> for every program, at kinks too, whatever the selection", () => {
  fc.assert(
    fc.property(runs("kinky", { jumps: true }), ({ program, inputs, select, tangents, cotangent }) => {
      const [, dy] = jvp(program.run, inputs, tangents, { select });
      const gx = vjp(program.run, inputs, { select })[1](cotangent);
      const pulled = inputs.reduce((total, _x, i) => total + inner(gx[i] as never, tangents[i] as never), 0);
      const scale = 1 + Math.abs(pulled) + inner(dy, dy) ** 0.5;
      expect(Math.abs(inner(cotangent, dy) - pulled) / scale).toBeLessThan(1e-9);
    }),
  );
});

test("it holds for programs of trees", () => {
  fc.assert(
    fc.property(runs("kinky"), fc.nat(1e6), ({ program, inputs, select }, seed) => {
      const f = ({ a, b }: { a: (typeof inputs)[0]; b: (typeof inputs)[0][] }) => {
        const y = program.run(a, b[0] as typeof a);
        return { y, total: [sum(y)] };
      };
      checkTranspose(f, [{ a: inputs[0] as never, b: [inputs[1] as never] }], { select, seed });
    }),
  );
});

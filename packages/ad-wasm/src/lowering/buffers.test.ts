import {
  add,
  concatenate,
  cos,
  exp,
  grad,
  mul,
  reshape,
  sin,
  sum,
  type Tensor,
  tensor,
  trace,
  zeros,
} from "@nonsmooth/ad-core";
import { Values } from "@nonsmooth/ad-core/machines";
import { describe, expect, test } from "vitest";
import { wasm } from "../machine/wasm.ts";
import { layOut } from "./buffers.ts";
import { findFusions } from "./fusions.ts";
import { Arranger } from "./items.ts";
import { viewOf } from "./views.ts";

/** The layout of a function of one tensor. */
function layoutOf(f: (x: Tensor) => unknown, x: Tensor) {
  const program = trace(f as (x: Tensor) => Tensor, [x]);
  const values = new Values(program, viewOf);
  const abilities = { hasKernel: () => true, takesExchanged: () => false };
  const kept = [...program.outputs].map((place) => values.root(place));
  const items = new Arranger(values, abilities, findFusions(values, {}, kept)).arrange(kept);
  return { values, items, layout: layOut(values, items, kept, 1024, new Map()) };
}

/** Several shapes, so that loops do not merge. */
const chain = (x: Tensor): Tensor => {
  let y = x;
  for (let i = 0; i < 6; i++) y = sum(reshape(mul(concatenate([y, exp(y)], 0), 0.5), [2, ...x.shape]), { axes: 0 });
  return y;
};

describe("buffers", () => {
  test("that live at the same time never share a byte", () => {
    const { values, items, layout } = layoutOf((x) => grad((a: Tensor) => sum(sin(chain(a))))(x), zeros([16, 4]));
    const spanOf = (place: number): [number, number] => {
      const address = layout.addresses.get(place) as number;
      return [address, address + values.size(place) * 8];
    };
    items.forEach(({ outputs }, now) => {
      const later = new Set(items.slice(now).flatMap(({ inputs }) => inputs));
      const written = items.slice(0, now + 1).flatMap((item) => item.outputs);
      const living = [...new Set(written.filter((place) => later.has(place) && !outputs.includes(place)))];
      for (const output of outputs) {
        const [start, end] = spanOf(output);
        const readLater = living.filter((place) => items.slice(now + 1).some(({ inputs }) => inputs.includes(place)));
        for (const place of readLater) {
          const [from, to] = spanOf(place);
          expect(end <= from || to <= start).toBe(true);
        }
      }
    });
  });

  test("are used again: a long chain takes no more than its widest place", () => {
    const { layout } = layoutOf(chain, zeros([64, 64]));
    expect((layout.end - 1024) / layout.leastBytes).toBeLessThan(1.15);
    expect(layout.end).toBeLessThan(8 * 64 * 64 * 8);
  });

  test("a loop writes over what it reads for the last time", () => {
    const x = tensor(Array.from({ length: 64 }, (_, i) => i / 64));
    const f = (a: Tensor) => {
      const b = sum(mul(concatenate([a, a], 0), 2), { axes: [] });
      return add(b, cos(b));
    };
    const { items, layout } = layoutOf(f, x);
    const end = items.at(-1);
    expect(layout.addresses.get(end?.outputs[0] as number)).toBe(layout.addresses.get(end?.inputs[0] as number));
  });

  test("describe says how much there is beside the least", () => {
    const { bufferBytes, leastBytes } = wasm()
      .compile(trace(chain, [zeros([8, 8])]))
      .describe();
    expect(bufferBytes).toBeGreaterThanOrEqual(leastBytes);
  });
});

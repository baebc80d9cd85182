// A law of sums: their order is a matter of rounding.
import { gather, type Inputs, type Primitive, type SummedIndex, type Tensor, tensor } from "@nonsmooth/ad-core";
import { expectClose, fail } from "../tools/compare.ts";
import { drawsFrom } from "../tools/draws.ts";
import { forAll } from "../tools/properties.ts";
import { type Cases, type LawOptions, situations, subjectOf } from "./law.ts";

/** The sizes of all axes that an index is, which must be one. */
function sizeOf(what: string, { inputs, output }: SummedIndex, tensors: readonly Tensor[], y: Tensor): number {
  const sizes = inputs.flatMap((axis, k) => (axis === null ? [] : [tensors[k]?.shape[axis]]));
  if (output !== undefined) sizes.push(y.shape[output]);
  const [size] = sizes;
  if (size !== undefined && sizes.every((other) => other === size)) return size;
  return fail(`${what}: the axes of an index have sizes ${sizes.map(String).join(", ")}`);
}

/** Numbers below `size` in an order that is drawn. */
function orderOf(size: number, draw: () => number): number[] {
  const keys = Array.from({ length: size }, draw);
  return keys.map((_, i) => i).toSorted((a, b) => (keys[a] as number) - (keys[b] as number));
}

const inOrder = (x: Tensor, axis: number, order: readonly number[]): Tensor =>
  gather(x, tensor([...order], { dtype: "i32" }), { axis });

/** The indices that a record sums over may run in any order: results are the same up to rounding. */
export function sumsReordered<P>(primitive: Primitive<P>, { kinky }: Cases<P>, options: LawOptions = {}): void {
  const what = `${primitive.name}: sums in another order`;
  const subject = subjectOf(primitive);
  forAll(
    what,
    situations(subject, kinky),
    ({ inputs, params, seed }) => {
      const y = subject.run(inputs, params);
      const sums = primitive.sums?.(inputs as unknown as Inputs<Tensor>, params) ?? [];
      const draw = drawsFrom(seed);
      const orders = sums.map((summed) => orderOf(sizeOf(what, summed, inputs, y), draw));
      const moved = inputs.map((x, k) =>
        sums.reduce((v, { inputs: axes }, s) => (axes[k] == null ? v : inOrder(v, axes[k], orders[s] ?? [])), x),
      );
      const expected = sums.reduce(
        (v, { output }, s) => (output === undefined ? v : inOrder(v, output, orders[s] ?? [])),
        y,
      );
      expectClose(what, subject.run(moved, params), expected);
      return "compared";
    },
    options,
  );
}

// The transforms on flat lists of tensors, under the trees of the public ones.
import type { Chooser } from "../door/chooser.ts";
import { interpreter, within } from "../door/interpreter.ts";
import type { Maybe } from "../door/primitive.ts";
import type { JointMap } from "../door/roles.ts";
import { isReal } from "../dtypes/dtype.ts";
import type { Tensor } from "../tensors/tensor.ts";
import { Forward } from "./forward.ts";
import { Tape } from "./tape.ts";

/** A function of a list of tensors. */
export type FlatFunction = (inputs: readonly Tensor[]) => readonly Tensor[];

/** Values, and the derivative there. */
export interface Linearized extends JointMap {
  readonly outputs: readonly Tensor[];
}

/** Records one run. Inputs that are not active, or carry no derivative, are constants. */
export function linearizeFlat(
  f: FlatFunction,
  primals: readonly Tensor[],
  chooser: Chooser,
  isActive: (i: number) => boolean,
): Linearized {
  const tape = new Tape(interpreter(), chooser);
  const inputs = primals.map((x, i) => (isReal(x.dtype) && isActive(i) ? tape.follow(x) : x));
  const outputs = within(tape, () => f(inputs));
  const [from, to] = [inputs.map((x) => tape.slotOf(x)), outputs.map((y) => tape.slotOf(y))];
  return {
    outputs: outputs.map((y) => tape.primalOf(y)),
    jvp: (tangents) => tape.pushforward(from, tangents, to),
    vjp: (cotangents) => tape.pullback(to, cotangents, from),
  };
}

/** One run with one tangent. */
export function forwardFlat(
  f: FlatFunction,
  primals: readonly Tensor[],
  tangents: readonly Maybe[],
  chooser: Chooser,
): { outputs: Tensor[]; tangents: Maybe[] } {
  const forward = new Forward(interpreter(), chooser);
  const inputs = primals.map((x, i) => forward.follow(x, isReal(x.dtype) ? (tangents[i] ?? null) : null));
  const outputs = within(forward, () => f(inputs));
  return { outputs: outputs.map((y) => forward.primalOf(y)), tangents: outputs.map((y) => forward.tangentOf(y)) };
}

// What a layer is: a plan of its variables, and a pure function of them.
import type { Shape, Tensor, Tree } from "@nonsmooth/ad-core";
import type { RealDType } from "../data/labelledImages.ts";
import { draw } from "./draw.ts";
import type { Variable } from "./initializers.ts";

/** All numbers of a layer, as trees whose keys are the names of its parts and variables. */
export interface Variables {
  /** What is learned. */
  readonly params: Tree;
  /** What training updates without a derivative, such as the running statistics of batch norm; `{}` when there is none. */
  readonly state: Tree;
}

/** Variables as they are drawn, and the shape that the layer makes of the one it was asked for. */
export interface Initialized extends Variables {
  readonly outputShape: Shape;
}

/** What a run of a layer depends on besides its variables and its input. */
export interface Context {
  /** Whether statistics are those of the batch and dropout drops. */
  readonly training: boolean;
  /** `[2]`, `i32`: where dropout draws from, which may be an argument of a recorded program; null when nothing is drawn. */
  readonly key: Tensor | null;
  /** The format in which layers compute whose input has none, such as embeddings; that of their variables when absent. */
  readonly dtype?: RealDType;
}

/** What a run of a layer returns. */
export interface Applied {
  readonly y: Tensor;
  /** The next state, in the form of the state that was given. */
  readonly state: Tree;
}

/** All that can be said of a layer from the shape of its input. Shapes are without the axis of the batch. */
export interface Plan {
  /** The name of the layer. */
  readonly kind: string;
  readonly outputShape: Shape;
  /** Learned variables of the layer itself, without those of its parts. */
  readonly params: Readonly<Record<string, Variable>>;
  /** Other variables of the layer itself, without those of its parts. */
  readonly state: Readonly<Record<string, Variable>>;
  /** Multiply-accumulates of its own convolutions and matrix products on one sample; cells in the padding count. */
  readonly macs: number;
  /** The layers that it is made of, by name. */
  readonly parts: Readonly<Record<string, Plan>>;
}

/**
 * A part of a network, as a pure pair: `init` makes its variables, and `apply` is a function of them.
 *
 * Layers are values without numbers: one may stand in several places, each with variables of its own. The names that
 * {@link sequential} gives to its layers are the sites of their operations, so that a selection can speak of them.
 */
export interface Layer {
  /** What it is, such as `"conv2d"`: errors and summaries say it. */
  readonly name: string;
  /**
   * Variables, output shape and work for inputs of a shape, without drawing or computing anything.
   *
   * @throws AdError "shape" when the shape does not fit
   */
  plan(inputShape: Shape): Plan;
  /**
   * Variables for inputs of a shape, drawn from a key; the same key gives the same bits on every host.
   *
   * @param dtype - of all variables; `f64` when absent
   * @throws AdError "shape" when the shape does not fit; "dtype" for formats without derivatives
   */
  init(key: Tensor, inputShape: Shape, dtype?: RealDType): Initialized;
  /**
   * The output for `x`, `[batch, ...inputShape]`, and the next state.
   *
   * @throws AdError "data" when a variable is missing; as its operations do when `x` does not fit
   */
  apply(variables: Variables, x: Tensor, context: Context): Applied;
}

/** A plan as a layer writes it: what is left out is nothing. */
export type Planned = Pick<Plan, "outputShape"> & Partial<Omit<Plan, "kind">>;

/** A layer from its plan and its function. */
export function layerOf(name: string, planned: (inputShape: Shape) => Planned, apply: Layer["apply"]): Layer {
  const plan = (inputShape: Shape): Plan => ({
    ...{ params: {}, state: {}, macs: 0, parts: {} },
    ...planned(inputShape),
    kind: name,
  });
  return { name, plan, init: (key, inputShape, dtype = "f64") => draw(name, plan(inputShape), key, dtype), apply };
}

/** A layer without state from its plan and a function of the input and of its parameters. */
export const stateless = (
  name: string,
  planned: (inputShape: Shape) => Planned,
  f: (x: Tensor, params: Tree) => Tensor,
): Layer => layerOf(name, planned, ({ params }, x) => ({ y: f(x, params), state: {} }));

// Layers made of named layers: each part runs at its own site, with variables, state and key of its own.
import { AdError, atSite, type Shape, split, type Tensor, type Tree } from "@nonsmooth/ad-core";
import { branchOf, withoutEmpty } from "./draw.ts";
import type { Context, Layer, Plan, Variables } from "./layer.ts";

/** Layers by name, in the order in which they run. */
export type Layers = Readonly<Record<string, Layer>>;

/** Refuses names that cannot be sites, or that JavaScript would put in another order, and values that are no layers. */
export function checkParts(where: string, layers: Layers): void {
  for (const [name, layer] of Object.entries(layers)) {
    if (!/^[A-Za-z]\w*$/.test(name)) {
      const remedy = "names are sites of selections, such as relu@block1/relu";
      throw partError(
        where,
        "a name that is no site",
        "a letter, then letters and digits",
        JSON.stringify(name),
        remedy,
      );
    }
    if (typeof layer?.plan !== "function" || typeof layer.apply !== "function") {
      const got = `${typeof layer} for ${name}`;
      throw partError(where, "a part is no layer", "layers", got, "call the function that makes it, such as relu()");
    }
  }
}

/** A mistake in the list of parts. */
export const partError = (where: string, problem: string, expected: string, got: string, remedy: string): AdError =>
  new AdError({ code: "data", where, problem, expected, got, remedy });

/** The plans of layers that run one after the other, and the shape of the last. */
export function planChain(layers: Layers, inputShape: Shape): Pick<Plan, "parts" | "outputShape"> {
  let outputShape = inputShape;
  const planned = Object.entries(layers).map(([name, layer]) => {
    const plan = layer.plan(outputShape);
    outputShape = plan.outputShape;
    return [name, plan] as const;
  });
  return { parts: Object.fromEntries(planned), outputShape };
}

/** A run of the parts of one layer. */
export interface Run {
  /** Runs the part of that name. */
  run(name: string, x: Tensor): Tensor;
  /** Runs parts one after the other. */
  chain(names: readonly string[], x: Tensor): Tensor;
  /** The next states of all parts that ran. */
  state(): Tree;
}

/** Prepares a run of the parts of one layer. */
export function startRun(layers: Layers, variables: Variables, context: Context): Run {
  const names = Object.keys(layers);
  const keys = context.key ? split(context.key, names.length) : [];
  const states: Record<string, Tree> = {};
  const run = (name: string, x: Tensor): Tensor => {
    const own = { params: branchOf(variables.params, name), state: branchOf(variables.state, name) };
    const inside = { ...context, key: keys[names.indexOf(name)] ?? null };
    const { y, state } = atSite(name, () => (layers[name] as Layer).apply(own, x, inside));
    states[name] = state;
    return y;
  };
  return {
    run,
    chain: (some, x) => some.reduce((y, name) => run(name, y), x),
    state: () => withoutEmpty(states),
  };
}

// Layers one after the other.
import { type Layer, layerOf } from "./layer.ts";
import { checkParts, type Layers, planChain, startRun } from "./parts.ts";

/**
 * Layers one after the other. Their names are those of their variables, and sites of their operations: inside another
 * such layer named `block1` the layer `relu` has the site `block1/relu`.
 *
 * @param layers - by name: a letter, then letters and digits; the order is that of writing
 * @returns a layer from the input of the first to the output of the last
 * @throws AdError "data" for a name that is no site or a value that is no layer; as its parts do
 * @example
 * import { linear, relu } from "@nonsmooth/nets/layers";
 * const net = sequential({ hidden: linear(8), relu: relu(), scores: linear(3) });
 * const { params, state, outputShape } = net.init(key(1), [4]);
 * [outputShape, params.hidden.weight.shape, params.scores.bias.shape] // [[3], [4, 8], [3]]
 * const loss = (p, x) => sum(net.apply({ params: p, state }, x, { training: true, key: null }).y);
 * grad(loss, { select: { "relu@relu": last } })(params, ones([2, 4])).scores.bias // [2, 2, 2]
 */
export function sequential(layers: Layers): Layer {
  checkParts("sequential", layers);
  const names = Object.keys(layers);
  return layerOf(
    "sequential",
    (inputShape) => planChain(layers, inputShape),
    (variables, x, context) => {
      const parts = startRun(layers, variables, context);
      const y = parts.chain(names, x);
      return { y, state: parts.state() };
    },
  );
}

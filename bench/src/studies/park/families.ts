/** Families of networks, with the choices at kinks that backpropagation is tried with. */
import { atKink, first, last, random, type Select } from "@nonsmooth/ad-core";
import type { Draw } from "./draw.ts";
import { biaslessNetwork, convolution, denseNetwork, type Network } from "./networks.ts";

/** What a family is, and what the theory promises about it. */
export interface Family {
  readonly name: string;
  readonly description: string;
  /** What Park, Chun and Lee prove. */
  readonly theorem: string;
  /** Whether backpropagation must answer with an element. */
  readonly isPromised: boolean;
  readonly network: (draw: Draw) => Network;
  readonly select: (draw: Draw) => Select;
}

const shares = [0, 0.25, 0.5, 1];

/** Any slope, the same everywhere or another one at each place. */
const anyChoice = (draw: Draw): Select => ({
  relu: draw.among([...shares.map(atKink), random(draw.among([1, 2, 3, 4, 5, 6, 7, 8]))]),
});

/** One slope for each layer. */
const perLayer = (draw: Draw): Select => ({
  "relu@layer1": atKink(draw.among(shares)),
  "relu@layer2": atKink(draw.among(shares)),
});

const oneLayer = (draw: Draw): Select => ({ "relu@layer1": atKink(draw.among(shares)) });

/** A branch drawn at each place. */
const perPlace = (draw: Draw): Select => ({ relu: random(draw.among([1, 2, 3, 4, 5, 6, 7, 8])) });

/** The same side of both kinks, layer by layer: slope s at 0 goes with slope 1 - s at 6. */
function sameSide(draw: Draw): Select {
  const layers = ["layer1", "layer2"].flatMap((site) => {
    const slope = draw.among(shares);
    return [
      [`relu6.low@${site}`, atKink(slope)],
      [`relu6.high@${site}`, atKink(1 - slope)],
    ] as const;
  });
  return Object.fromEntries(layers);
}

/** The same slope at both kinks, which is that of different sides. */
const differentSides = (draw: Draw): Select => ({ relu6: draw.among([first, last]) });

/**
 * All of them, in the order of the report.
 *
 * @see [PCL24, Theorems 1, 4 and 6, Lemmas 2, 3 and 7]
 */
export const families: readonly Family[] = [
  {
    name: "one sample",
    description: "two dense layers, a bias for each unit, batch 1; any slope at each place",
    theorem: "Theorem 1: an element",
    isPromised: true,
    network: (draw) => denseNetwork(draw, 1, "relu"),
    select: anyChoice,
  },
  {
    name: "no biases",
    description: "a linear layer that is 0, then relus without biases, batch 1; any slope",
    theorem: "Lemma 2: can fail",
    isPromised: false,
    network: biaslessNetwork,
    select: anyChoice,
  },
  {
    name: "batch, one choice",
    description: "two dense layers, a bias for each unit, batch 3; one slope for each layer",
    theorem: "Theorem 4: an element",
    isPromised: true,
    network: (draw) => denseNetwork(draw, 3, "relu"),
    select: perLayer,
  },
  {
    name: "batch, many choices",
    description: "two dense layers, a bias for each unit, batch 3; a branch drawn at each place",
    theorem: "Lemma 3: can fail",
    isPromised: false,
    network: (draw) => denseNetwork(draw, 3, "relu"),
    select: perPlace,
  },
  {
    name: "relu6, same side",
    description: "two dense layers of relu6, batch 3; slopes s at 0 and 1 - s at 6",
    theorem: "Theorem 4: an element",
    isPromised: true,
    network: (draw) => denseNetwork(draw, 3, "relu6"),
    select: sameSide,
  },
  {
    name: "relu6, different sides",
    description: "two dense layers of relu6, batch 3; one slope, 0 or 1, at 0 and at 6",
    theorem: "not covered",
    isPromised: false,
    network: (draw) => denseNetwork(draw, 3, "relu6"),
    select: differentSides,
  },
  {
    name: "shared biases, one choice",
    description: "a convolution with two filters and their biases; one slope",
    theorem: "Theorem 6: an element",
    isPromised: true,
    network: (draw) => convolution(draw, false),
    select: oneLayer,
  },
  {
    name: "shared biases, many choices",
    description: "a convolution with two filters and their biases; a branch drawn at each place",
    theorem: "not covered",
    isPromised: false,
    network: (draw) => convolution(draw, false),
    select: perPlace,
  },
  {
    name: "max pooling",
    description: "a convolution, then a pool of neighbours that takes the first; one slope",
    theorem: "Lemma 7: can fail",
    isPromised: false,
    network: (draw) => convolution(draw, true),
    select: oneLayer,
  },
];

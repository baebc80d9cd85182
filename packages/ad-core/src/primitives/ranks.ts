// Weights where order statistics tie: of the median, and of each place of a sorted row.
import { ascending, middles, runStarts } from "../kernels/ranks.ts";
import { drawAt, pickedRank, shareOf, type TieSelection } from "../selections/selection.ts";

/** What decides at the ties of one row. */
export interface RankWeighing {
  readonly selection: TieSelection;
  /** Number of the kink in its run. */
  readonly kink: number;
  /** Number of the row. */
  readonly row: number;
}

/** Elements of a row that tie, in written order, and what is drawn for them: once for all of them. */
interface Run {
  readonly start: number;
  readonly elements: Int32Array;
  readonly draw: number;
}

/** A row in ascending order, and the run at each of its places. */
interface Ranking {
  readonly order: Int32Array;
  readonly runAt: (place: number) => Run;
}

function rank(values: ArrayLike<number>, { selection, kink, row }: RankWeighing): Ranking {
  const order = ascending(values);
  const starts = runStarts(values, order);
  const runAt = (place: number): Run => {
    const start = starts[place] as number;
    let end = place + 1;
    while (starts[end] === start) end++;
    const draw = selection.drawn === 0 ? 0 : drawAt(selection, kink, row * order.length + start);
    return { start, elements: order.subarray(start, end), draw };
  };
  return { order, runAt };
}

/** Adds `factor` times the shares of a run to the weights, shifted cyclically: element `shift` is dealt the first share. */
function deal(
  { elements, draw }: Run,
  selection: TieSelection,
  shift: number,
  factor: number,
  weights: Float64Array,
): void {
  const ties = elements.length;
  elements.forEach((element, i) => {
    const share = shareOf(selection, (i - shift + ties) % ties, ties, draw);
    weights[element] = (weights[element] as number) + factor * share;
  });
}

/**
 * The weights of a median: the shares of the elements that tie in the middle. With an even number of elements half of
 * the shares at each of the two middle places; where these tie with each other the upper one is dealt from the next
 * element on, so that two elements that tie alone get half each, whatever is selected.
 */
export function medianWeights(values: ArrayLike<number>, weighing: RankWeighing, weights: Float64Array): void {
  const { order, runAt } = rank(values, weighing);
  const [lower, upper] = middles(values, order);
  const [below, above] = [runAt(lower), runAt(upper)];
  weights.fill(0);
  deal(below, weighing.selection, 0, lower === upper ? 1 : 0.5, weights);
  if (lower !== upper) deal(above, weighing.selection, below.start === above.start ? 1 : 0, 0.5, weights);
}

/**
 * The weights of a sorted row, one row of them for each place: the shares of the elements that tie with the one there,
 * shifted cyclically from place to place. So each element's shares sum to 1 over the places, as those of each place do.
 */
export function sortWeights(
  values: ArrayLike<number>,
  weighing: RankWeighing,
  write: (place: number, weights: Float64Array) => void,
): void {
  const { order, runAt } = rank(values, weighing);
  const weights = new Float64Array(order.length);
  for (let place = 0; place < order.length; ) {
    const run = runAt(place);
    for (let shift = 0; shift < run.elements.length; shift++, place++) {
      weights.fill(0);
      deal(run, weighing.selection, shift, 1, weights);
      write(place, weights);
    }
  }
}

/** The element that stands at each place of a sorted row under a selection that picks one. */
export function sortSources(values: ArrayLike<number>, weighing: RankWeighing): Int32Array {
  const { order, runAt } = rank(values, weighing);
  const sources = new Int32Array(order.length);
  for (let place = 0; place < order.length; ) {
    const { elements, draw } = runAt(place);
    const picked = pickedRank(weighing.selection, elements.length, draw);
    for (let shift = 0; shift < elements.length; shift++, place++) {
      sources[place] = elements[(picked + shift) % elements.length] as number;
    }
  }
  return sources;
}

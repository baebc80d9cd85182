// Where the pullback of a pooling stands in a program: five instructions that one kernel does.
import type { FoldParams, TieParams, UnfoldParams, Windows } from "@nonsmooth/ad-core";
import type { Fusion, Origin, Task, Work } from "./kernel.ts";
import { poolingBack } from "./poolingBack.ts";
import { isPick } from "./shares.ts";
import { isTabulated } from "./tieRows.ts";
import { isPadded } from "./windows.ts";

/** The pullback, as instructions say it. */
interface Pulled {
  /** What was pooled, and the cotangent of each window. */
  readonly image: Origin;
  readonly cotangents: Origin;
  readonly covers: readonly Origin[];
  readonly windows: FoldParams;
  readonly ties: TieParams;
}

/** The instruction of a name that makes a value for one reader only. */
const madeBy = (name: string, origin: Origin | undefined): Origin["made"] =>
  origin?.made?.name === name && origin.made.isReadOnce ? origin.made : null;

/** Reads `fold(scaleBy(tieWeights(unfold(image)), spread(cotangents)))`; null for anything else. */
function pulledOf(folded: Origin): Pulled | null {
  const windows = folded.made?.params as FoldParams;
  const [products] = folded.made?.operands ?? [];
  const [weights, spread] = madeBy("scaleBy", products)?.operands ?? [];
  const [weighed, repeats] = [madeBy("tieWeights", weights), madeBy("broadcastTo", spread)];
  const [cells] = weighed?.operands ?? [];
  const [cotangents] = repeats?.operands ?? [];
  const seen = madeBy("unfold", cells);
  const [image] = seen?.operands ?? [];
  if (!weighed || !seen || !image || !cotangents || !isOnePerWindow(cotangents, spread as Origin)) return null;
  const ties = weighed.params as TieParams;
  if (!isSame(windows, seen.params as UnfoldParams) || !isSimple(windows, ties, image)) return null;
  return { image, cotangents, windows, ties, covers: [products, weights, spread, cells] as Origin[] };
}

/** Whether there is a number for each window, which all its cells see. */
const isOnePerWindow = ({ type: { shape } }: Origin, { type }: Origin): boolean =>
  String(shape) === String([...type.shape.slice(0, -1), 1]);

const isSame = (a: Windows, b: Windows): boolean =>
  String([a.window, a.stride, a.padding]) === String([b.window, b.stride, b.padding]);

/** Windows side by side that have a table of weights; in `bf16` products would be rounded twice. */
function isSimple(windows: FoldParams, { selection, along, order, masked }: TieParams, { type }: Origin): boolean {
  const width = windows.window[0] * windows.window[1];
  const isExtreme = along && (order === "max" || order === "min");
  const isSideBySide = windows.window.every((size, axis) => size === windows.stride[axis]) && !isPadded(windows);
  const hasTable = isTabulated({ width, isMasked: masked, shares: { selection } });
  return isExtreme && isSideBySide && hasTable && type.dtype !== "bf16";
}

/** Whether a value is 0, 1 or -1 everywhere, so that products with it are exact. */
function isUnit({ made }: Origin): boolean {
  if (made?.name !== "tieWeights") return false;
  const { order, along, coefficients, selection } = made.params as TieParams;
  const isOfTwo = (order === "max" || order === "min") && !along;
  return isOfTwo && isPick(selection) && coefficients.every((one) => one === 0 || Math.abs(one) === 1);
}

const workOf = (task: Omit<Task, "params">, { windows, ties }: Pulled, isRounded: boolean): Work =>
  poolingBack(task, windows, ties, isRounded);

const isLike = ({ type: a }: Origin, { type: b }: Origin): boolean =>
  a.dtype === b.dtype && String(a.shape) === String(b.shape);

/** Fusions of poolings by the names of the last records: the pullback, and the pullback times numbers of the pixels. */
export const poolingFusions: Readonly<Record<string, Fusion>> = {
  fold: (folded) => {
    const pulled = pulledOf(folded);
    if (!pulled) return null;
    const { image, cotangents, covers } = pulled;
    return { inputs: [image, cotangents], covers, work: (task) => workOf(task, pulled, false) };
  },
  scaleBy: ({ made: { operands } }) => {
    const [factors, folded] = operands as [Origin, Origin];
    const pulled = madeBy("fold", folded) && isLike(factors, folded) ? pulledOf(folded) : null;
    if (!pulled) return null;
    const { image, cotangents, covers } = pulled;
    const inputs = [image, cotangents, factors];
    return { inputs, covers: [...covers, folded], work: (task) => workOf(task, pulled, !isUnit(factors)) };
  },
};

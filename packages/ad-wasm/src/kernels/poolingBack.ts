// The pullback of pooling by the largest number: weights of windows, times their cotangents, added back into an image.
import type { FoldParams, TieParams, UnfoldParams, Windows } from "@nonsmooth/ad-core";
import { op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { type Frame, kernelFunction, least, plus } from "./frame.ts";
import { bytesOf, type Fusion, nameOf, type Origin, type Task, type Work } from "./kernel.ts";
import { loadNumbers, type Numbers, repeated, scaledBy, storeNumbers } from "./numbers.ts";
import { roundedTo } from "./roundedTo.ts";
import { isTabulated, type Row, rowOf } from "./tieRows.ts";
import { type Grid, gridOf, isPadded } from "./windows.ts";
import { type WindowRows, weighedFours, weighedOne } from "./windowWeights.ts";

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
  if (!weighed || !seen || !image || cotangents?.type.shape.at(-1) !== 1) return null;
  const ties = weighed.params as TieParams;
  if (!isSame(windows, seen.params as UnfoldParams) || !isSimple(windows, ties, image)) return null;
  return { image, cotangents, windows, ties, covers: [products, weights, spread, cells] as Origin[] };
}

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

/** Everything that the code depends on. */
interface Back {
  readonly grid: Grid;
  readonly row: Row;
  /** Whether pixels are multiplied with numbers of their own at the end. */
  readonly hasFactors: boolean;
}

function workOf(task: Omit<Task, "params">, { windows, ties }: Pulled, hasFactors: boolean): Work {
  const grid = gridOf(windows.image, windows);
  const row = rowOf({ ...task, params: ties }, windows.window[0] * windows.window[1]);
  const { planes, height, width } = grid;
  const bytes = bytesOf(task.output.dtype);
  const together = [1, 2, 4].find((n) => (n * height * width * bytes) % 16 === 0) as number;
  const name = nameOf("maxPool2d back", { ...task, params: [windows, ties] });
  const ref = kernelFunction(task, name, (frame) => writePlanes(frame, { grid, row, hasFactors }, together));
  const units = height * width === 0 ? 0 : Math.ceil(planes / together);
  return { function: ref, units, cost: together * height * width, scratch: 0 };
}

function writePlanes({ f, out, inputs, from, to }: Frame, back: Back, together: number): void {
  const { planes, height, width, rows, columns, window } = back.grid;
  const { bytes } = back.row;
  const [image, cotangents, factors] = inputs as [Local, Local, Local?];
  const end = f.let(least(op("i32.mul", to, together), planes));
  f.range(f.let(op("i32.mul", from, together)), end, 1, (plane) => {
    const at = (base: Local): Local => f.let(plus(base, plane, height * width * bytes));
    const place: Place = {
      ...{ source: at(image), target: at(out), factors: factors ? at(factors) : null },
      cotangents: f.let(plus(cotangents, plane, rows * columns * bytes)),
    };
    f.range(0, rows, 1, () => {
      writeWindows(f, back, place);
      const pixels = window[0] * width * bytes;
      for (const one of [place.source, place.target, place.factors]) if (one) f.update(one, "i32.add", pixels);
      f.update(place.cotangents, "i32.add", columns * bytes);
    });
    const below = (height - rows * window[0]) * width * bytes;
    if (below > 0) f.fill(place.target, 0, below);
  });
}

/** Where a row of windows begins. */
interface Place {
  readonly source: Local;
  readonly target: Local;
  readonly factors: Local | null;
  readonly cotangents: Local;
}

/** A row of windows: four at a time where they are squares, and the others one by one. */
function writeWindows(f: FunctionBuilder, { grid, row }: Back, place: Place): void {
  const { columns, width, window } = grid;
  const { bytes, one, many } = row;
  const windows: WindowRows = { row, window, pitch: width * bytes };
  const fours = weighedFours(windows) ? Math.floor(columns / 4) : 0;
  const [x, y, g] = [f.let(place.source), f.let(place.target), f.let(place.cotangents)];
  const z = place.factors && f.let(place.factors);
  const advance = (count: number): void => {
    for (const pixels of [x, y, z]) if (pixels) f.update(pixels, "i32.add", count * window[1] * bytes);
    f.update(g, "i32.add", count * bytes);
  };
  const write = (n: Numbers, value: Local, offset: number): void => {
    const factor = z && f.let(loadNumbers(n, z, offset));
    storeNumbers(f, n, y, factor ? roundedTo(f, n, row.dtype, f.let(scaledBy(n, factor, value))) : value, offset);
  };
  f.range(0, fours, 1, () => {
    weighedFours(windows)?.(f, x, f.let(loadNumbers(many, g)), (value, offset) => write(many, value, offset));
    advance(4);
  });
  f.range(fours * 4, columns, 1, () => {
    weighedOne(windows, f, x, f.let(loadNumbers(one, g)), (value, offset) => write(one, value, offset));
    advance(1);
  });
  for (let beside = columns * window[1]; beside < width; beside++)
    for (let above = 0; above < window[0]; above++)
      storeNumbers(f, one, place.target, repeated(one, 0), (above * width + beside) * bytes);
}

const isLike = (a: Origin, b: Origin): boolean => String(a.type.shape) === String(b.type.shape);

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
    return { inputs, covers: [...covers, folded], work: (task) => workOf(task, pulled, true) };
  },
};

// The pullback of pooling by the largest number: weights of windows, times their cotangents, added back into an image.
import type { FoldParams, TieParams } from "@nonsmooth/ad-core";
import { op } from "../encoding/expression.ts";
import type { FunctionBuilder, Local } from "../encoding/function.ts";
import { type Frame, kernelFunction, least, plus } from "./frame.ts";
import { bytesOf, nameOf, type Task, type Work } from "./kernel.ts";
import { loadNumbers, type Numbers, repeated, scaledBy, storeNumbers } from "./numbers.ts";
import { roundedTo } from "./roundedTo.ts";
import { type Row, rowOf } from "./tieRows.ts";
import { type Grid, gridOf } from "./windows.ts";
import { type WindowRows, weighedFours, weighedOne } from "./windowWeights.ts";

/** Everything that the code depends on. */
interface Back {
  readonly grid: Grid;
  readonly row: Row;
  /** Whether products with the numbers of the pixels, where there are some, must be rounded. */
  readonly isRounded: boolean;
}

/** The kernel `(out, image, cotangents)`, or with factors of the pixels behind them. */
export function poolingBack(
  task: Omit<Task, "params">,
  windows: FoldParams,
  ties: TieParams,
  isRounded: boolean,
): Work {
  const grid = gridOf(windows.image, windows);
  const row = rowOf({ ...task, params: ties }, windows.window[0] * windows.window[1]);
  const { planes, height, width } = grid;
  const bytes = bytesOf(task.output.dtype);
  const together = [1, 2, 4].find((n) => (n * height * width * bytes) % 16 === 0) as number;
  const name = nameOf("maxPool2d back", { ...task, params: [windows, ties, isRounded] });
  const ref = kernelFunction(task, name, (frame) => writePlanes(frame, { grid, row, isRounded }, together));
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
function writeWindows(f: FunctionBuilder, { grid, row, isRounded }: Back, place: Place): void {
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
    const product = z && f.let(scaledBy(n, f.let(loadNumbers(n, z, offset)), value));
    const kept = product && isRounded ? roundedTo(f, n, row.dtype, product) : (product ?? value);
    storeNumbers(f, n, y, kept, offset);
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

// Panels: some columns of a matrix, copied so that the numbers of one term lie together.
import { type Expression, load, op } from "../../encoding/expression.ts";
import type { FunctionBuilder, FunctionRef, Local } from "../../encoding/function.ts";
import type { ModuleBuilder } from "../../encoding/module.ts";
import { type Lanes, loadSome, transposed, zeros } from "./lanes.ts";

/** What is copied. Steps are in bytes. */
export interface Panel {
  readonly lanes: Lanes;
  /** What lies behind the last column is filled up with zeros. */
  readonly columns: number;
  /** From one term to the next. */
  readonly term: number;
  /** From one column to the next. */
  readonly column: number;
}

/** Bytes of one term in a panel. */
export const panelTerm = ({ lanes, columns }: Pick<Panel, "lanes" | "columns">): number =>
  16 * Math.ceil(columns / lanes.count);

/** The function `(to, from, terms)` that copies a panel. */
export function copyPanel(module: ModuleBuilder, panel: Panel): FunctionRef {
  return module.function(`panel ${JSON.stringify(panel)}`, ["i32", "i32", "i32"], null, (f, ...params) => {
    const [to, from, terms] = params as [Local, Local, Local];
    if (panel.column === panel.lanes.bytes) copyTerms(f, panel, to, from, terms);
    else copyColumns(f, panel, to, from, terms);
  });
}

/** Runs the body for so many terms, at least one, and moves both addresses on behind it. */
function forTerms(
  f: FunctionBuilder,
  panel: Panel,
  to: Local,
  from: Local,
  terms: Local,
  step: number,
  body: () => void,
) {
  f.do(
    () => {
      body();
      f.update(to, "i32.add", step * panelTerm(panel));
      f.update(from, "i32.add", step * panel.term);
      f.update(terms, "i32.sub", step);
    },
    () => op("i32.ge_s", terms, step),
  );
}

/** How many columns of a vector count. */
const columnsIn = ({ columns, lanes }: Panel, vector: number): number => columns - vector * lanes.count;

/** Columns that lie together. */
function copyTerms(f: FunctionBuilder, panel: Panel, to: Local, from: Local, terms: Local): void {
  forTerms(f, panel, to, from, terms, 1, () => {
    for (let at = 0; at < panelTerm(panel); at += 16) {
      f.store("v128.store", to, loadSome(panel.lanes, from, at, columnsIn(panel, at / 16)), at);
    }
  });
}

/** Terms that lie together: squares of them are transposed, and the last few copied one by one. */
function copyColumns(f: FunctionBuilder, panel: Panel, to: Local, from: Local, terms: Local): void {
  const { count } = panel.lanes;
  f.if(op("i32.ge_s", terms, count), () => {
    forTerms(f, panel, to, from, terms, count, () => {
      for (let at = 0; at < panelTerm(panel); at += 16) copySquare(f, panel, to, from, at);
    });
  });
  f.if(terms, () => {
    forTerms(f, panel, to, from, terms, 1, () => {
      copyTerm(f, panel, to, from);
    });
  });
}

function copySquare(f: FunctionBuilder, panel: Panel, to: Local, from: Local, at: number): void {
  const { count } = panel.lanes;
  const first = (at / 16) * count;
  const rows = Array.from({ length: count }, (_, i): Expression => {
    return first + i < panel.columns ? load("v128.load", from, (first + i) * panel.column) : zeros();
  });
  transposed(f, rows).forEach((term, i) => {
    f.store("v128.store", to, term, at + i * panelTerm(panel));
  });
}

function copyTerm(f: FunctionBuilder, panel: Panel, to: Local, from: Local): void {
  const { bytes, type } = panel.lanes;
  for (let column = 0; column * bytes < panelTerm(panel); column++) {
    if (column < panel.columns)
      f.store(`${type}.store`, to, load(`${type}.load`, from, column * panel.column), column * bytes);
    else f.store(bytes === 8 ? "i64.store" : "i32.store", to, 0, column * bytes);
  }
}

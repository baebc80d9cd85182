// Some rows of a product of matrices times some of its panels, pass by pass over the terms.
import { op, type Value } from "../../encoding/expression.ts";
import type { FunctionBuilder, FunctionRef, Local } from "../../encoding/function.ts";
import { aligned, type ModuleBuilder } from "../../encoding/module.ts";
import { least, plus } from "../frame.ts";
import { isShort, loadSome, storeSome } from "./lanes.ts";
import { copyPanel, panelTerm } from "./matrixPanel.ts";
import { type MatrixPlan, panelsOf, rowsAtOnce, tileRows } from "./matrixPlan.ts";
import { type MatrixTile, matrixTile } from "./matrixTile.ts";

/** The part of a product that is computed: addresses, a number of rows, and panels from one to another. */
export interface Block {
  readonly out: Local;
  readonly a: Local;
  readonly b: Local;
  readonly scratch: Local;
  readonly rows: Local;
  readonly panel: Local;
  readonly panelEnd: Local;
}

/** Whether a pass is the first one, and whether it is the last one. */
interface Pass {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

const blockParams = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;

const blockOf = ([out, a, b, scratch, rows, panel, panelEnd]: readonly Local[]): Block =>
  ({ out, a, b, scratch, rows, panel, panelEnd }) as Block;

/** The function `(out, a, b, scratch, rows, panel, panelEnd)` that computes a block; `b` is where the first panel begins. */
export function matrixBlock(module: ModuleBuilder, plan: MatrixPlan): FunctionRef {
  return module.function(`matrix block ${JSON.stringify(plan)}`, blockParams, null, (f, ...params) => {
    const [out, a, b, ...others] = params as [Local, Local, Local, ...Local[]];
    const { inner, termsAtOnce } = plan;
    const call = (pass: Pass, from: Value, terms: Value): void => {
      const [x, y] = [plus(a, from, plan.a.term), plus(b, from, plan.b.term)];
      f.call(matrixPass(module, plan, pass), out, x, y, ...others, terms);
    };
    const isOnly = inner === termsAtOnce;
    call({ isFirst: true, isLast: isOnly }, 0, termsAtOnce);
    if (isOnly) return;
    const from = f.local("i32");
    f.for(from, termsAtOnce, inner - termsAtOnce, termsAtOnce, () => {
      call({ isFirst: false, isLast: false }, from, termsAtOnce);
    });
    call({ isFirst: false, isLast: true }, from, op("i32.sub", inner, from));
  });
}

function matrixPass(module: ModuleBuilder, plan: MatrixPlan, pass: Pass): FunctionRef {
  // Only short formats do something at the end.
  const { isFirst, isLast } = { ...pass, isLast: pass.isLast && isShort(plan.lanes) };
  const name = `matrix pass ${isFirst} ${isLast} ${JSON.stringify(plan)}`;
  return module.function(name, [...blockParams, "i32"], null, (f, ...params) => {
    const [block, terms] = [blockOf(params), params[7] as Local];
    const narrow = plan.columns % plan.width;
    const whole = (plan.columns - narrow) / plan.width;
    const strip = (columns: number): void => writeStrip(f, module, plan, { isFirst, isLast }, block, terms, columns);
    if (plan.hasPairs) {
      const pairs = op("i32.add", block.scratch, panelBytes(plan));
      f.call(copyPairs(module, plan), pairs, block.a, block.rows, terms);
      f.set(block.a, pairs);
    }
    if (plan.hasRows) {
      const rows = f.let(op("i32.add", block.scratch, panelBytes(plan)));
      copyRows(f, plan, rows, block, terms);
      f.set(block.a, rows);
    }
    if (whole > 0) {
      const end = f.let(least(block.panelEnd, whole));
      f.while(
        () => op("i32.lt_s", block.panel, end),
        () => {
          strip(plan.width);
          f.update(block.out, "i32.add", plan.width * plan.lanes.bytes);
          f.update(block.b, "i32.add", plan.width * plan.b.column);
          f.update(block.panel, "i32.add", 1);
        },
      );
    }
    if (narrow > 0) f.if(op("i32.eq", block.panelEnd, panelsOf(plan)), () => strip(narrow));
  });
}

/** All rows of a block times one panel. */
function writeStrip(
  f: FunctionBuilder,
  module: ModuleBuilder,
  plan: MatrixPlan,
  { isFirst, isLast }: Pass,
  block: Block,
  terms: Local,
  columns: number,
): void {
  const { lanes, b, out, isPacked } = plan;
  const a = rowsOf(plan);
  const isCopied = isPacked || columns % lanes.count !== 0;
  if (isCopied) {
    f.call(copyPanel(module, { lanes, columns, term: b.term, column: b.column }), block.scratch, block.b, terms);
  }
  const tile: Omit<MatrixTile, "aRows"> = {
    ...{ lanes, columns, outRow: out.row, aTerm: a.term },
    bTerm: isCopied ? panelTerm({ lanes, columns }) : b.term,
    ...{ begins: isFirst, ends: isLast },
  };
  const tall = tileRows(Math.ceil(columns / lanes.count), lanes);
  const [x, y, left] = [f.let(block.a), f.let(block.out), f.let(block.rows)];
  const call = (rows: number): void =>
    f.call(
      matrixTile(module, { ...tile, aRows: a.rows.slice(0, rows) }),
      y,
      x,
      isCopied ? block.scratch : block.b,
      terms,
    );
  if (plan.rows >= tall) {
    f.while(
      () => op("i32.ge_s", left, tall),
      () => {
        call(tall);
        f.update(x, "i32.add", a.rows[tall] as number);
        f.update(y, "i32.add", tall * out.row);
        f.update(left, "i32.sub", tall);
      },
    );
  }
  if (plan.rows % tall > 0) f.if(left, () => call(plan.rows % tall));
}

/** From one copied row to the next: a line more than it needs, so that rows do not displace each other. */
const copiedRow = ({ lanes, termsAtOnce }: MatrixPlan): number => aligned(lanes.bytes * termsAtOnce) + 64;

/** Copies the terms of a pass of all rows of a block. */
function copyRows(f: FunctionBuilder, plan: MatrixPlan, to: Local, { a, rows }: Block, terms: Local): void {
  const row = f.local("i32");
  f.for(row, 0, rows, 1, () => {
    f.copy(plus(to, row, copiedRow(plan)), plus(a, row, plan.a.row), op("i32.mul", terms, plan.lanes.bytes));
  });
}

/** Where the first rows of `a` begin as tiles read them, and how far apart their terms are. */
function rowsOf(plan: MatrixPlan): {
  readonly rows: readonly number[];
  readonly term: number;
} {
  const { a, hasPairs, hasRows, lanes, termsAtOnce } = plan;
  const { bytes } = lanes;
  const rowBytes = hasRows ? copiedRow(plan) : a.row;
  const pair = 2 * bytes * termsAtOnce;
  const start = (row: number): number => (hasPairs ? Math.floor(row / 2) * pair + (row % 2) * bytes : row * rowBytes);
  return { rows: Array.from({ length: 9 }, (_, row) => start(row)), term: hasPairs ? 2 * bytes : a.term };
}

/** The function `(to, from, rows, terms)` that copies rows of `a` two by two, whose elements lie side by side. */
function copyPairs(module: ModuleBuilder, { lanes, a, termsAtOnce }: MatrixPlan): FunctionRef {
  const name = `matrix pairs ${lanes.bytes} ${a.term} ${termsAtOnce}`;
  return module.function(name, ["i32", "i32", "i32", "i32"], null, (f, ...params) => {
    const [to, from, rows, terms] = params as [Local, Local, Local, Local];
    const copy = (count: number): void => {
      const [x, y, term] = [f.let(from), f.let(to), f.local("i32")];
      f.for(term, 0, terms, 1, () => {
        storeSome(f, lanes, y, f.let(loadSome(lanes, x, 0, count)), 0, count);
        f.update(x, "i32.add", a.term);
        f.update(y, "i32.add", 2 * lanes.bytes);
      });
    };
    f.while(
      () => op("i32.ge_s", rows, 2),
      () => {
        copy(2);
        f.update(from, "i32.add", 2 * lanes.bytes);
        f.update(to, "i32.add", 2 * lanes.bytes * termsAtOnce);
        f.update(rows, "i32.sub", 2);
      },
    );
    f.if(rows, () => copy(1));
  });
}

/** Bytes of the panel that a block copies. */
const panelBytes = (plan: MatrixPlan): number =>
  plan.termsAtOnce * panelTerm({ lanes: plan.lanes, columns: Math.min(plan.width, plan.columns) });

/** Bytes of everything that a block copies. */
export const copiedBytes = (plan: MatrixPlan): number =>
  panelBytes(plan) +
  (plan.hasPairs ? rowsAtOnce * plan.termsAtOnce * plan.lanes.bytes : 0) +
  (plan.hasRows ? rowsAtOnce * copiedRow(plan) : 0);

// The shares of branches that tie, as a selection says: the same doubles as in the reference.
import type { TieSelection } from "@nonsmooth/ad-core";
import { constant, type Expression, load, op, select } from "../encoding/expression.ts";
import { call, type FunctionBuilder, type FunctionRef, type Local } from "../encoding/function.ts";
import type { ModuleBuilder } from "../encoding/module.ts";
import { plus } from "./frame.ts";

/** The shares under one selection. */
export interface Shares {
  readonly module: ModuleBuilder;
  readonly selection: TieSelection;
  /** Number of the kink in its run. */
  readonly kink: number;
}

/** Mixes 32 bits so that every input bit reaches every output bit. */
const mixer = (module: ModuleBuilder): FunctionRef =>
  module.function("mix", ["i32"], "i32", (f, x) => {
    const h = f.let(x as Local);
    const fold = (by: number): Expression => op("i32.xor", h, op("i32.shr_u", h, by));
    f.set(h, op("i32.mul", fold(16), 0x9e3779b1));
    f.set(h, op("i32.mul", fold(15), 0xb504f333));
    f.result(fold(16));
  });

/** The draw at a position of the kink. */
function drawAt({ module, selection, kink }: Shares, index: Expression): Expression {
  const mix = mixer(module);
  const seeded = op("i32.xor", call(mix, constant("i32", selection.seed | 0)), kink | 0);
  return call(mix, op("i32.add", op("i32.add", call(mix, seeded), index), 0x6a09e667));
}

/** The rank of the branch that a draw takes among those that tie. */
function picked(draw: Expression, ties: Expression): Expression {
  const part = op("f64.mul", op("f64.convert_i32_u", draw), 2 ** -32);
  return op("i32.trunc_sat_f64_s", op("f64.mul", part, op("f64.convert_i32_s", ties)));
}

/** The rank that is drawn at a position; 0 under a selection that draws nothing. */
export const drawnRank = (shares: Shares, index: Expression, ties: Expression): Expression =>
  shares.selection.drawn === 0 ? constant("i32", 0) : picked(drawAt(shares, index), ties);

/** The rank of the branch that takes all, under a selection that picks one. */
export function pickedRank(shares: Shares, index: Expression, ties: Expression): Expression {
  if (shares.selection.first === 1) return constant("i32", 0);
  return shares.selection.last === 1 ? op("i32.sub", ties, 1) : picked(drawAt(shares, index), ties);
}

/** So many branches may tie at most: a user's own rule is a table. */
export const mostTies = ({ selection }: Pick<Shares, "selection">): number => selection.table?.length ?? Infinity;

/** Whether the first branch that ties takes all, or the last one does. */
export const isPick = ({ first, last, each, drawn, table }: TieSelection): boolean =>
  table === undefined && each === 0 && drawn === 0 && (first === 1 || last === 1);

/** The share of a branch: a function `(rank, ties, drawn rank)`; there are no more ties than {@link mostTies}. */
export function shareFunction({ module, selection }: Shares): FunctionRef {
  const { first, last, each, drawn, table } = selection;
  const name = `share ${JSON.stringify(table ?? [first, last, each, drawn])}`;
  return module.function(name, ["i32", "i32", "i32"], "f64", (f, ...given) => {
    const [rank, ties, draw] = given as [Local, Local, Local];
    f.if(op("i32.eq", ties, 1), () => f.return(constant("f64", 1)));
    f.result(table ? tabulated(module, `${name} table`, table, rank, ties) : summed(f, selection, [rank, ties, draw]));
  });
}

function summed(f: FunctionBuilder, selection: TieSelection, [rank, ties, draw]: [Local, Local, Local]): Expression {
  const share = f.let(op("f64.div", selection.each, op("f64.convert_i32_s", ties)));
  const addWhere = (condition: Expression, part: number): void => {
    if (part !== 0) f.set(share, select(condition, op("f64.add", share, part), share));
  };
  addWhere(op("i32.eqz", rank), selection.first);
  addWhere(op("i32.eq", rank, op("i32.sub", ties, 1)), selection.last);
  addWhere(op("i32.eq", rank, draw), selection.drawn);
  return share;
}

/** The row of `k` weights begins behind the `1 + ... + (k - 1)` of the rows in front of it. */
function tabulated(
  module: ModuleBuilder,
  name: string,
  table: readonly (readonly number[])[],
  rank: Local,
  ties: Local,
): Expression {
  const address = module.table(name, Float64Array.from(table.flat()));
  const row = op("i32.shr_u", op("i32.mul", ties, op("i32.sub", ties, 1)), 1);
  return load("f64.load", plus(0, op("i32.add", row, rank), 8), address);
}

// Products of matrices by blocks: a thread has up to 8 x 8 elements in registers, and each sum runs in order.
import type { Shader } from "../kernel.ts";
import type { ProductSizes } from "../productSizes.ts";
import {
  type Element,
  evenly,
  isWorthwhile,
  largestBlock,
  loop,
  type Statement,
  shaderOf,
  upTo,
  when,
} from "./shader.ts";

/** Threads that must remain for blocks to grow: a device with fewer would have nothing to wait for memory with. */
const fewThreads = 1024;

/** What one thread computes: so many rows, and so many columns in fours. */
interface Block {
  readonly rows: number;
  readonly columns: number;
}

/** One operand as a thread reads it: elements `lane` of the block by number `k` along the sums. */
interface Side {
  readonly name: "a" | "b";
  readonly element: Element;
  /** Statements before all sums: where each lane, or each four of them, begins. */
  readonly starts: readonly string[];
  /** Statements that load everything for the steps of one round. */
  readonly load: (steps: readonly number[]) => readonly string[];
  /** The number of a lane in a step. */
  readonly at: (lane: number, step: number) => string;
  /** Whether it loads four steps at once. */
  readonly isAlong: boolean;
}

/**
 * A shader for a product, or nothing where the text of the kernel is as good: for little work, and for fewer than 4 columns.
 *
 * Sums begin at -0, to which nothing changes when the first product is added. Rows and columns beyond the end repeat the last
 * ones and are not written. Where four neighbours lie at multiples of 4 in memory they are loaded at once.
 */
export function matmulShader(sizes: ProductSizes): Shader | undefined {
  const { batch, rows, inner, columns } = sizes;
  if (columns < 4 || !isWorthwhile(batch * rows * inner * columns)) return undefined;
  const own = blockOf(sizes);
  const a = sideOf("a", { lanes: own.rows, total: rows, inner, isInnerNear: sizes.a.inner === 1 });
  const b = sideOf("b", { lanes: own.columns, total: columns, inner, isInnerNear: sizes.b.inner === 1 });
  return shaderOf({
    reads: [a, b],
    result: columns % 4 === 0 ? "vec4<f32>" : "f32",
    places: { acrossBlock: Math.ceil(columns / own.columns), downBlock: Math.ceil(rows / own.rows), sample: batch },
    body: [
      `let aFirst = downBlock * ${own.rows};`,
      `let bFirst = acrossBlock * ${own.columns};`,
      ...[...a.starts, ...b.starts],
      ...forEachFour(own, (row, four) => [`var t${row}_${four} = vec4<f32>(none);`]),
      sums(own, inner, a, b),
      ...forEachFour(own, (row, four) => written(sizes, own, row, four)),
    ],
  });
}

function blockOf({ batch, rows, columns }: ProductSizes): Block {
  const large = { rows: rowsOf(rows, 8), columns: columns < 8 ? 4 : 8 };
  const small = { rows: rowsOf(rows, 4), columns: 4 };
  return largestBlock([large, small], fewThreads, (one) => ({
    threads: batch * Math.ceil(rows / one.rows) * Math.ceil(columns / one.columns),
    written: 4 * one.rows * one.columns,
  }));
}

/** Rows of blocks of one size, at most so many; fours stay together. */
function rowsOf(rows: number, most: number): number {
  const size = evenly(rows, most);
  return rows % 4 === 0 ? 4 * Math.ceil(size / 4) : size;
}

const forEachFour = <S extends Statement>(own: Block, write: (row: number, four: number) => readonly S[]): S[] =>
  upTo(own.rows).flatMap((row) => upTo(own.columns / 4).flatMap((four) => write(row, four)));

/** How the lanes of an operand lie. */
interface Lanes {
  readonly lanes: number;
  /** All lanes of a matrix. */
  readonly total: number;
  readonly inner: number;
  /** Whether neighbours along the sums are neighbours in memory; otherwise neighbouring lanes are. */
  readonly isInnerNear: boolean;
}

function sideOf(name: Side["name"], lanes: Lanes): Side {
  if (lanes.isInnerNear && lanes.inner % 4 === 0) return foursAlong(name, lanes);
  if (!lanes.isInnerNear && lanes.total % 4 === 0) return foursAcross(name, lanes);
  return single(name, lanes);
}

/** Lane number `lane`, or the last one; counted in units of which each has so many. */
const laneText = (name: string, lane: number, { lanes, total }: Lanes, unit = 1): string => {
  const text = `${name}First${unit === 1 ? "" : ` / ${unit}`} + ${lane}`;
  return total % lanes === 0 ? text : `min(${text}, ${Math.ceil(total / unit) - 1})`;
};

/** Each lane loads four steps at once. */
function foursAlong(name: Side["name"], lanes: Lanes): Side {
  const { total, inner } = lanes;
  const start = (lane: number): string =>
    `let ${name}Start${lane} = (sample * ${total} + ${laneText(name, lane, lanes)}) * ${inner / 4};`;
  return {
    ...{ name, element: "vec4<f32>", isAlong: true, starts: upTo(lanes.lanes).map(start) },
    load: () => upTo(lanes.lanes).map((lane) => `let ${name}${lane} = ${name}[${name}Start${lane} + round];`),
    at: (lane, step) => `${name}${lane}[${step}]`,
  };
}

/** Each step loads four lanes at once. */
function foursAcross(name: Side["name"], lanes: Lanes): Side {
  const { total, inner } = lanes;
  const fours = upTo(Math.ceil(lanes.lanes / 4));
  const start = (four: number): string =>
    `let ${name}Start${four} = sample * ${(total * inner) / 4} + ${laneText(name, four, lanes, 4)};`;
  const load = (step: number, four: number): string =>
    `let ${name}${four}_${step} = ${name}[${name}Start${four} + k${step} * ${total / 4}];`;
  return {
    ...{ name, element: "vec4<f32>", isAlong: false, starts: fours.map(start) },
    load: (steps) => steps.flatMap((step) => fours.map((four) => load(step, four))),
    at: (lane, step) => `${name}${Math.floor(lane / 4)}_${step}[${lane % 4}]`,
  };
}

/** Everything is loaded alone. */
function single(name: Side["name"], lanes: Lanes): Side {
  const { total, inner, isInnerNear } = lanes;
  const [across, along] = isInnerNear ? [inner, 1] : [1, total];
  const start = (lane: number): string =>
    `let ${name}Start${lane} = sample * ${total * inner} + (${laneText(name, lane, lanes)}) * ${across};`;
  const load = (step: number, lane: number): string =>
    `let ${name}${lane}_${step} = ${name}[${name}Start${lane} + k${step} * ${along}];`;
  return {
    ...{ name, element: "f32", isAlong: false, starts: upTo(lanes.lanes).map(start) },
    load: (steps) => steps.flatMap((step) => upTo(lanes.lanes).map((lane) => load(step, lane))),
    at: (lane, step) => `${name}${lane}_${step}`,
  };
}

/** All sums, four steps a round where an operand loads so many. */
function sums(own: Block, inner: number, a: Side, b: Side): Statement {
  const steps = upTo(a.isAlong || b.isAlong ? 4 : 1);
  const fourOf = (four: number, step: number): string =>
    `vec4<f32>(${upTo(4).map((lane) => b.at(4 * four + lane, step))})`;
  const rounds = inner / steps.length;
  return loop(`for (var round = 0; round < ${rounds}; round++)`, rounds, [
    ...steps.map((step) => `let k${step} = round * ${steps.length} + ${step};`),
    ...[...a.load(steps), ...b.load(steps)],
    ...steps.flatMap((step) => [
      ...upTo(own.columns / 4).map((four) => `let four${four}_${step} = ${fourOf(four, step)};`),
      ...forEachFour(own, (row, four) => [`t${row}_${four} += ${a.at(row, step)} * four${four}_${step};`]),
    ]),
  ]);
}

/** Writes four sums to where they belong, those that are elements of the result. */
function written({ rows, columns }: ProductSizes, own: Block, row: number, four: number): Statement[] {
  const line = `(sample * ${rows} + aFirst + ${row}) * ${columns}`;
  const isRow = rows % own.rows === 0 ? "" : `aFirst + ${row} < ${rows}`;
  const isColumn = (column: number): string => (columns % own.columns === 0 ? "" : `bFirst + ${column} < ${columns}`);
  if (columns % 4 === 0) {
    const place = `(${line} + bFirst) / 4 + ${four}`;
    return when(isRow, when(isColumn(4 * four), [`result[${place}] = t${row}_${four};`]));
  }
  const one = (lane: number): Statement[] =>
    when(isColumn(4 * four + lane), [`result[${line} + bFirst + ${4 * four + lane}] = t${row}_${four}[${lane}];`]);
  return when(isRow, upTo(4).flatMap(one));
}

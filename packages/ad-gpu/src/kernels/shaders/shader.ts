// What shaders of our own have in common: bindings, a thread's number, and its place among the blocks of a result.
import type { Shader } from "../kernel.ts";

/** Threads in a group: devices of every level have so many. */
const groupSize = 64;

/** Groups along one axis, on devices of every level. */
const mostGroups = 65535;

/** Fewer products than this are no work: the text of the kernel is the shorter one to compile. */
const leastProducts = 32768;

/** Whether so many products are worth a shader of their own. */
export const isWorthwhile = (products: number): boolean => products >= leastProducts;

/** Steps of all threads of a device together in the time of one step of a thread alone, which waits for memory. */
const stepsBeside = 32768;

/** Whether threads that go through everything alone, in so many steps, are done before many that share more of them. */
export const isFasterAlone = (shared: number, alone: number): boolean => shared > stepsBeside * alone;

/** How an array is bound: by numbers, or by four neighbours at once where all that is read begins at multiples of 4. */
export type Element = "f32" | "vec4<f32>";

/** An array that is read. */
interface Bound {
  readonly name: string;
  readonly element: Element;
}

/** An array that is read number by number. */
export const numbers = (name: string): Bound => ({ name, element: "f32" });

/** A shader before it is written out. */
interface ShaderParts {
  readonly reads: readonly Bound[];
  /** The array that is written; its name is `result`. */
  readonly result: Element;
  /** Names of places, and how many there are of each: neighbours in the first one are neighbouring threads. */
  readonly places: Readonly<Record<string, number>>;
  /** Statements, which know the places by their names. */
  readonly body: readonly Statement[];
}

/**
 * The variable `none`, -0: adding it changes no number, not even the sign of a zero. A compiler that takes -0.0 for 0.0 cannot
 * know it, for it looks as if it depended on the thread; the third part of a thread's number is always 0.
 */
const minusZero = "let none = bitcast<f32>(0x80000000u | id.z);";

/** Writes a shader of one thread for each combination of places; all variables of places are `i32`, and `none` is -0. */
export function shaderOf({ reads, result, places, body }: ShaderParts): Shader {
  const threads = Object.values(places).reduce((product, n) => product * n, 1);
  const groups = Math.ceil(threads / groupSize);
  const down = Math.ceil(groups / mostGroups);
  const across = Math.ceil(groups / down);
  const bindings = [
    ...reads.map(({ name, element }, i) => `@binding(${i + 1}) var<storage, read> ${name}: array<${element}>;`),
    `@binding(${reads.length + 1}) var<storage, read_write> result: array<${result}>;`,
  ];
  const wgsl = [
    ...bindings.map((line) => `@group(0) ${line}`),
    `@compute @workgroup_size(${groupSize})`,
    "fn main(@builtin(global_invocation_id) id: vec3<u32>) {",
    ...linesOf([
      `let thread = i32(id.x + id.y * ${across * groupSize}u);`,
      `if (thread >= ${threads}) { return; }`,
      ...placeTexts(places),
      minusZero,
      ...body,
    ]),
    "}",
  ].join("\n");
  return { wgsl, rounds: roundsOf(body), groups: [across, down, 1] };
}

/** Each place from the number of the thread. */
function placeTexts(places: ShaderParts["places"]): string[] {
  let before = 1;
  return Object.entries(places).map(([name, count]) => {
    const line = `let ${name} = thread / ${before} % ${count};`;
    before *= count;
    return line;
  });
}

/** A line, or statements behind a head such as `if (x > 0)`. */
export type Statement = string | Block;

interface Block {
  readonly head: string;
  readonly inside: readonly Statement[];
  /** How often a loop repeats them at most; null where nothing is repeated. */
  readonly most: number | null;
}

/** Statements as lines, one level deeper. */
const linesOf = (statements: readonly Statement[]): string[] =>
  statements
    .flatMap((one) => (typeof one === "string" ? [one] : [`${one.head} {`, ...linesOf(one.inside), "}"]))
    .map((line) => `  ${line}`);

/** How often one thread comes to the head of a loop at most, of all loops together. */
function roundsOf(statements: readonly Statement[]): number {
  const roundsIn = (one: Statement): number => {
    if (typeof one === "string") return 0;
    const inside = roundsOf(one.inside);
    return one.most === null ? inside : one.most * (1 + inside) + 1;
  };
  return statements.reduce((sum, one) => sum + roundsIn(one), 0);
}

/** Statements that are repeated at most so many times. */
export const loop = (head: string, most: number, inside: readonly Statement[]): Statement => ({ head, most, inside });

/** Statements under a condition, or always if there is none. */
export const when = (condition: string, inside: readonly Statement[]): Statement[] =>
  condition === "" ? [...inside] : [{ head: `if (${condition})`, most: null, inside }];

/** The numbers from 0. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The size of blocks that are as even as they can be, each of at most so many. */
export const evenly = (count: number, most: number): number => Math.ceil(count / Math.ceil(count / most));

/** Products that are written out at most: longer shaders take long to compile. */
const mostWritten = 400;

/** The first of some blocks that leaves a device so many threads, and is not too long to write out; else the last one. */
export function largestBlock<B>(
  blocks: readonly [B, ...B[]],
  fewest: number,
  sizeOf: (block: B) => { readonly threads: number; readonly written: number },
): B {
  const isFit = (one: B): boolean => sizeOf(one).threads >= fewest && sizeOf(one).written <= mostWritten;
  return blocks.find(isFit) ?? (blocks.at(-1) as B);
}

/** Number `lane` of a block of so many, or the last of all where the block reaches beyond the end. */
export function numberOrLast(name: string, lane: number, size: number, count: number): string {
  const text = `${name} * ${size} + ${lane}`;
  return count % size === 0 ? `(${text})` : `min(${text}, ${count - 1})`;
}

/** A product that is added under a condition, or always if there is none; otherwise -0, which changes no sum. */
export const productIf = (condition: string, product: string): string =>
  condition === "" ? product : `select(none, ${product}, ${condition})`;

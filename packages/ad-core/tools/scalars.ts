// Prints the generated files of the room `scalars` from the statements of the plain operations.
import type { Statement } from "../src/elementary/statement.ts";
import { opcodes } from "../src/scalars/opcodes.ts";
import { plainOperations } from "../src/scalars/operations.ts";
import { forwardLines, reverseLines, valueLines } from "./lines.ts";
import { bare, text } from "./text.ts";

/** What the printed functions may call, and where it comes from. */
const real = ["cos", "erf", "exp", "expm1", "log", "log1p", "pow", "sin", "tanh"];
const own = ["scaleBy", "square"];

/** At the start of a line stands the definition of a method. */
const calls = (code: string, name: string): boolean => new RegExp(`(?<!^\\s*)\\b${name}\\(`, "m").test(code);

function file(subject: string, types: readonly string[], body: string): string {
  const used = (names: readonly string[]): string[] => names.filter((name) => calls(body, name));
  const [functions, helpers] = [used(real), used(own)];
  const imports = [
    ...(helpers.length > 0 ? ['import { doubles } from "../arithmetic/numbers.ts";'] : []),
    ...(functions.length > 0 ? [`import { ${functions.join(", ")} } from "../arithmetic/real/index.ts";`] : []),
    ...types,
  ];
  const head = [`// ${subject} Generated from the statements by tools/scalars.ts; do not edit.`, ...imports, ""];
  if (helpers.length > 0) head.push(`const { ${helpers.join(", ")} } = doubles;`, "");
  return `${[...head, body].join("\n")}\n`;
}

/** Whether the code calls a function that is compiled apart: a loop with such a call keeps nothing in registers. */
const hasCall = (lines: readonly string[]): boolean => real.some((name) => calls(lines.join(" "), name));

/** The cases of a switch, with or without calls; those of equal lines stand together. */
function cases(linesOf: (statement: Statement) => readonly string[], areCalls: boolean, margin: string): string {
  const groups = new Map<string, string[]>();
  for (const [index, { name, statement }] of plainOperations.entries()) {
    const lines = linesOf(statement);
    if (hasCall(lines) !== areCalls) continue;
    const body = [...lines, areCalls ? "return true;" : "break;"].map((line) => `${margin}  ${line}`).join("\n");
    groups.set(body, [...(groups.get(body) ?? []), `${margin}case ${opcodes.plain + index}: // ${name}`]);
  }
  const blocks = [...groups].map(([body, labels]) => {
    const last = labels.at(-1)?.replace(":", ": {");
    return /\bconst /.test(body)
      ? [...labels.slice(0, -1), last, body, `${margin}}`].join("\n")
      : [...labels, body].join("\n");
  });
  return blocks.join("\n");
}

const leaves = [opcodes.input, opcodes.constant, opcodes.result].map((op) => `      case ${op}:`).join("\n");

const values = `/** Computes cells from \`from\` up to \`end\`, or to the first that needs a call; returns where it stopped. */
export function runValues(
  code: ScalarCode,
  v: Float64Array,
  from: number,
  end: number,
): number {
  for (let i = from; i < end; i++) {
    const word = i << 2;
    const j = code[word + 1] as number;
    switch (code[word]) {
${leaves}
        break;
      case ${opcodes.select}:
        v[i] = v[v[code[word + 3] as number] !== 0 ? j : (code[word + 2] as number)] as number;
        break;
${cases(valueLines, false, "      ")}
      default:
        return i;
    }
  }
  return end;
}

/** Computes one cell whose function is a call; false when it is none of these. */
export function stepValues(code: ScalarCode, v: Float64Array, i: number): boolean {
  const word = i << 2;
  const j = code[word + 1] as number;
  switch (code[word]) {
${cases(valueLines, true, "    ")}
    default:
      return false;
  }
}`;

const reverse = `/**
 * Adds up the cotangents \`w\`, backwards from \`from\` down to \`end\`, or to the first cell that needs a call; returns where
 * it stopped, \`end - 1\` when it is done. A cotangent of 0 is passed over.
 */
export function runReverse(
  code: ScalarCode,
  v: Float64Array,
  w: Float64Array,
  from: number,
  end: number,
): number {
  for (let i = from; i >= end; i--) {
    const word = i << 2;
    const g = w[i] as number;
    const op = code[word] as number;
    if (g === 0 && op !== ${opcodes.call}) continue;
    const j = code[word + 1] as number;
    switch (op) {
${leaves}
        break;
      case ${opcodes.select}: {
        const k = v[code[word + 3] as number] !== 0 ? j : (code[word + 2] as number);
        w[k] = (w[k] as number) + g;
        break;
      }
${cases(reverseLines, false, "      ")}
      default:
        return i;
    }
  }
  return end - 1;
}

/** Hands on the cotangent of one cell whose partials are calls; false when it is none of these. */
export function stepReverse(
  code: ScalarCode,
  v: Float64Array,
  w: Float64Array,
  i: number,
): boolean {
  const word = i << 2;
  const g = w[i] as number;
  const j = code[word + 1] as number;
  switch (code[word]) {
${cases(reverseLines, true, "    ")}
    default:
      return false;
  }
}`;

const forward = `/**
 * Carries \`width\` tangents beside each cell, those of cell \`i\` in \`t\` from \`i * width\` on: from \`from\` up to \`end\`, or
 * to the first cell that needs a call; returns where it stopped.
 */
export function runForward(
  code: ScalarCode,
  v: Float64Array,
  t: Float64Array,
  width: number,
  from: number,
  end: number,
): number {
  for (let i = from; i < end; i++) {
    const word = i << 2;
    const j = code[word + 1] as number;
    let p = 0;
    let q = 0;
    switch (code[word]) {
${leaves}
        continue;
      case ${opcodes.select}:
        if (v[code[word + 3] as number] !== 0) p = 1;
        else q = 1;
        break;
${cases(forwardLines, false, "      ")}
      default:
        return i;
    }
    push(t, width, i, j, code[word + 2] as number, p, q);
  }
  return end;
}

/** Carries the tangents of one cell whose partials are calls; false when it is none of these. */
export function stepForward(
  code: ScalarCode,
  v: Float64Array,
  t: Float64Array,
  width: number,
  i: number,
): boolean {
  const word = i << 2;
  const j = code[word + 1] as number;
  let p = 0;
  let q = 0;
  switch (code[word]) {
${cases(forwardLines, true, "    ").replaceAll("return true;", "break;")}
    default:
      return false;
  }
  push(t, width, i, j, code[word + 2] as number, p, q);
  return true;
}

/** The tangents of one cell: the sum of partials times tangents, where a factor of 0 gives 0. */
export function push(t: Float64Array, width: number, i: number, j: number, k: number, p: number, q: number): void {
  for (let d = 0; d < width; d++) {
    const one = scaleBy(p, t[j * width + d] as number);
    t[i * width + d] = q === 0 ? one : one + scaleBy(q, t[k * width + d] as number);
  }
}`;

const isMethod = (name: string): boolean => /^\w+$/.test(name);

function method({ name, statement }: (typeof plainOperations)[number], index: number): string {
  const isBinary = statement.arity === 2;
  const [operands, types] = isBinary ? ["a, b", "a: Handle, b: Handle"] : ["a", "a: Handle"];
  const value = bare(statement.value(text, "x", isBinary ? "z" : "x"));
  const isOdd = (handle: string): string => `${handle} >>> 0 !== ${handle} || ${handle} >= i`;
  const odd = isBinary ? `${isOdd("a")} || ${isOdd("b")}` : isOdd("a");
  const words = ["code[i << 2]", "code[(i << 2) + 1]", "code[(i << 2) + 2]"];
  const written = [opcodes.plain + index, "a", ...(isBinary ? ["b"] : [])].map((word, k) => `${words[k]} = ${word};`);
  return `  ${name}(${types}): Handle {
    const t = this.cells;
    const i = t.length;
    if (${odd}) t.refuseAny(${operands});
    if (i === t.room) t.grow();
    const { code, value: v } = t;
    const x = v[a] as number;${isBinary ? "\n    const z = v[b] as number;" : ""}
    v[i] = ${value};
    ${written.join(" ")}
    t.length = i + 1;
    return i;
  }`;
}

const methods = plainOperations.map((operation, i) => [operation, i] as const).filter(([{ name }]) => isMethod(name));

const recording = `/** The operations without settings: each records one instruction and returns the handle of its result. */
export class RecordedOperations {
  readonly cells: Cells;

  constructor(cells: Cells) {
    this.cells = cells;
  }

${methods.map(([operation, i]) => method(operation, i)).join("\n\n")}
}`;

const names = `/** Names of the plain operations, in the order of their numbers. */
export const plainNames: readonly string[] = [
${plainOperations.map(({ name }) => `  ${JSON.stringify(name)},`).join("\n")}
];`;

const code = 'import type { ScalarCode } from "./opcodes.ts";';
const memory = ['import type { Cells } from "./cells.ts";', 'import type { Handle } from "./opcodes.ts";'];

/** The generated files of the room, by name. */
export const generatedFiles: Readonly<Record<string, string>> = {
  "names.generated.ts": file("The numbers of the plain operations.", [], names),
  "recording.generated.ts": file("The methods that record.", memory, recording),
  "values.generated.ts": file("The sweep that computes values.", [code], values),
  "reverse.generated.ts": file("The sweep of reverse mode.", [code], reverse),
  "forward.generated.ts": file("The sweep of forward mode.", [code], forward),
};

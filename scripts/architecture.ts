/** The rules of ARCHITECTURE.md that can be read off the text of the sources: who imports whom, how long, and what core avoids. */
import { posix } from "node:path";

/** One source file; `path` is counted from the root of the repository and uses slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

/** What each package may import besides its own files. */
const allowedImports: Record<string, RegExp> = {
  "packages/ad-core": /^$/,
  "packages/ad-wasm": /^@nonsmooth\/ad-core(\/machines)?$/,
  "packages/ad-gpu": /^(@nonsmooth\/ad-core(\/machines)?|gpu\.js|webgpu)$/,
  "packages/ad-generalized": /^(@nonsmooth\/ad-core(\/(machines|transforms))?|highs)$/,
  "packages/ad-testing": /^(@nonsmooth\/ad-core(\/machines)?|fast-check)$/,
  "packages/nets": /^@nonsmooth\/ad-core$/,
  bench: /^(@nonsmooth\/.*|@observablehq\/plot|commander|linkedom|piscina|typescript|node:.*)$/,
};

/** The rooms of ad-core, from the ground up: a file imports from its own room and from those before it. */
const rooms = [
  ...["errors", "dtypes", "tensors", "arithmetic", "selections", "elementary", "door", "kernels", "primitives"],
  ...["transforms", "programs", "lowering", "reference", "scalars", "cost", "kinks"],
];

/** What ad-core must not use: its results depend on its arguments alone, and have the same bits on every version of Node. */
const forbiddenInCore: Record<string, RegExp> = {
  Date: /\bDate\b/,
  "process.env": /\bprocess\./,
  console: /\bconsole\./,
  "Math.random": /\bMath\.random\b/,
  "a function of Math that engines round differently":
    /\bMath\.(a?(sin|cos|tan)h?|atan2|exp|expm1|log|log1p|log2|log10|pow|cbrt|hypot)\b/,
  "** between other than literal numbers": /\*\*/,
};

const longestFile = 300;
const longestTable = 600;

/** Every broken rule, one sentence each that starts with the file; empty when the house is in order. */
export function violations(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const folder = path.split("/src/")[0] ?? "";
    const code = withoutComments(text);
    const found = [...importsOf(code).flatMap((to) => badImport(folder, path, to)), ...badLength(path, text)];
    if (folder === "packages/ad-core") found.push(...badRoom(path), ...badWords(code));
    return found.map((problem) => `${path}: ${problem}`);
  });
}

function badImport(folder: string, path: string, to: string): string[] {
  if (!to.startsWith(".")) {
    return allowedImports[folder]?.test(to) ? [] : [`imports "${to}", which ${folder} may not import`];
  }
  const target = posix.join(posix.dirname(path), to);
  if (!target.startsWith(`${folder}/src/`)) return [`imports "${to}", which lies outside ${folder}/src`];
  if (folder !== "packages/ad-core" || isDoorstep(path)) return [];
  const isBelow = rooms.indexOf(roomOf(target)) > rooms.indexOf(roomOf(path)) || isDoorstep(target);
  return isBelow ? [`imports "${to}": room ${roomOf(target)} lies below room ${roomOf(path)}`] : [];
}

function badRoom(path: string): string[] {
  return isDoorstep(path) || rooms.includes(roomOf(path)) ? [] : [`"${roomOf(path)}" is not a room of ad-core`];
}

function badLength(path: string, text: string): string[] {
  const lines = text.split("\n").length - 1;
  const longest = path.endsWith(".generated.ts") ? longestTable : longestFile;
  return lines <= longest ? [] : [`${lines} lines, more than ${longest}`];
}

function badWords(code: string): string[] {
  const words = code.replace(/"(?:[^"\\\n]|\\.)*"/g, '""').replace(/\b\d+ \*\* -?\d+/g, "0");
  return Object.entries(forbiddenInCore).flatMap(([name, pattern]) => (pattern.test(words) ? [`uses ${name}`] : []));
}

function importsOf(code: string): string[] {
  return [...code.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
const roomOf = (path: string): string => path.split("/src/")[1]?.split("/")[0] ?? "";
/** The entries of ad-core gather all rooms, so they stand in none. */
const isDoorstep = (path: string): boolean => /^packages\/ad-core\/src\/(index|machines|transforms)\.ts$/.test(path);

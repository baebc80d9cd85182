/**
 * Running a user's file in this process, with this command's copy of the engine: a second copy would have interpreters
 * of its own, and know nothing of the first one's transforms. So the file and those that it imports by a relative path
 * become functions that are handed what they import. Nothing is written anywhere.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";
import { AdError } from "@nonsmooth/ad-core";
import { metaName, parseError, transpile } from "./transpile.ts";

/** What a module exports, by name. */
export type Exports = Readonly<Record<string, unknown>>;

/** Files that can be programs, or parts of one. */
const extensions: readonly string[] = [".ts", ".mts", ".js", ".mjs"];

/** Whether something that is named is a file: it has a slash, or ends like one of TypeScript or JavaScript. */
export const isFilePath = (name: string): boolean => /[\\/]/.test(name) || extensions.includes(extname(name));

/** What a module exports, and the files that it is made of. */
interface LoadedModule {
  readonly exports: Exports;
  /** Whole paths: the file itself, and what it imports by a path, in the order in which they are met. */
  readonly files: readonly string[];
}

/**
 * Runs a file and returns what it exports.
 *
 * @throws AdError "missing" when it or something that it imports is not there; "parse" when one of them does not parse;
 *   "data" when one throws while it is loaded
 */
export const loadModule = async (path: string): Promise<Exports> => (await loadFiles(path)).exports;

/** As {@link loadModule}, with the files that were read. */
export async function loadFiles(path: string): Promise<LoadedModule> {
  const loader = new Loader();
  const exports = await loader.load(resolve(path), "the command line");
  return { exports, files: [...loader.modules.keys()] };
}

/** The modules of one program; a module that is being loaded is there too, so that imports may go in circles. */
class Loader {
  readonly modules: Map<string, { exports: Exports }> = new Map();

  async load(path: string, askedBy: string): Promise<Exports> {
    const known = this.modules.get(path);
    if (known !== undefined) return known.exports;
    const shown = shortened(path);
    checkFile(path, shown, askedBy);
    const module = { exports: {} as Exports };
    this.modules.set(path, module);
    if (extname(path) === ".json") module.exports = parsedJson(path, shown);
    else await this.run(path, shown, module);
    return module.exports;
  }

  async run(path: string, shown: string, module: { exports: Exports }): Promise<void> {
    const { code, imports } = await transpile(path, shown);
    const found = new Map<string, Exports>();
    for (const wanted of imports) found.set(wanted, await this.find(wanted, path, shown));
    const ask = (wanted: string): Exports => this.given(wanted, found, path, shown);
    const meta = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
    const body = compiled(code, path, shown);
    try {
      await body(module.exports, ask, module, meta);
    } catch (error) {
      throw error instanceof AdError ? error : threw(shown, error);
    }
  }

  /** What a file imports: another file, or a package; packages of nonsmooth are those of this command. */
  async find(wanted: string, importer: string, shown: string): Promise<Exports> {
    if (isPath(wanted)) return this.load(fileOf(wanted, importer), shown);
    try {
      const isOurs = wanted.startsWith("@nonsmooth/");
      const target = isOurs || isBuiltin(wanted) ? wanted : packageOf(wanted, importer);
      return { __esModule: true, ...(await import(/* @vite-ignore */ target)) };
    } catch (error) {
      throw missing(
        shown,
        `it imports "${wanted}"`,
        "a package that can be found",
        messageOf(error),
        "install it, or check its name",
      );
    }
  }

  /** Hands over what was found; a file that is still being loaded may have got other exports since. */
  given(wanted: string, found: ReadonlyMap<string, Exports>, importer: string, shown: string): Exports {
    const exports = isPath(wanted) ? this.modules.get(fileOf(wanted, importer))?.exports : found.get(wanted);
    if (exports !== undefined) return exports;
    throw missing(
      shown,
      "it imports a name that is computed",
      "a name between quotes",
      `"${wanted}"`,
      "write the name out",
    );
  }
}

type Body = (
  exports: Exports,
  ask: (wanted: string) => Exports,
  module: { exports: Exports },
  meta: object,
) => Promise<void>;

/** The code as a function that may await. */
function compiled(code: string, path: string, shown: string): Body {
  try {
    const names = ["exports", "require", "module", metaName];
    return compileFunction(`return (async () => {${code}\n})();`, names, { filename: path }) as Body;
  } catch (error) {
    throw parseError(shown, messageOf(error));
  }
}

const isPath = (wanted: string): boolean => /^(\.{0,2}\/|[A-Za-z]:[\\/])/.test(wanted);

/** The file that a path means; TypeScript lets `./x.js` stand for `./x.ts`. */
function fileOf(wanted: string, importer: string): string {
  const path = resolve(dirname(importer), wanted);
  const source = path.replace(/\.(m?)js$/, ".$1ts");
  return !existsSync(path) && existsSync(source) ? source : path;
}

const packageOf = (wanted: string, importer: string): string =>
  pathToFileURL(createRequire(importer).resolve(wanted)).href;

function checkFile(path: string, shown: string, askedBy: string): void {
  if (![...extensions, ".json"].includes(extname(path))) {
    const expected = `a file that ends in ${extensions.join(", ")}`;
    const got = `"${shown}", asked for by ${askedBy}`;
    const [problem, remedy] = ["no file of a program", "write the extension, or rename the file"];
    throw new AdError({ code: "unsupported", where: "program", problem, expected, got, remedy });
  }
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return;
  throw missing("program", "a file is not there", shown, `no such file, asked for by ${askedBy}`, "check the path");
}

function parsedJson(path: string, shown: string): Exports {
  try {
    return { __esModule: true, default: JSON.parse(readFileSync(path, "utf8")) };
  } catch (error) {
    throw parseError(shown, messageOf(error));
  }
}

function threw(shown: string, error: unknown): AdError {
  const [problem, expected] = ["the file throws while it is loaded", "exports"];
  const remedy = "run what may fail inside the exported function";
  return new AdError({ code: "data", where: shown, problem, expected, got: messageOf(error), remedy });
}

function missing(where: string, problem: string, expected: string, got: string, remedy: string): AdError {
  return new AdError({ code: "missing", where, problem, expected, got, remedy });
}

/** The first line: what follows is a stack, or a list of where a package was looked for. */
function messageOf(error: unknown): string {
  const text =
    error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}: ${String(error)}`;
  return text.split("\n", 1)[0] as string;
}

/** Counted from the working directory, unless that leads out of it. */
function shortened(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") || short === "" ? path : short;
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AdError, grad, last, type Tensor, tensor } from "@nonsmooth/ad-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findProgram, resolveProgram } from "./index.ts";
import type { BuiltProgram, ProgramOptions } from "./types.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonsmooth-"));
});
afterEach(() => void rmSync(folder, { recursive: true }));

/** Writes files, and builds the program in the first of them. */
function program(files: Record<string, string>, options: Partial<ProgramOptions> = {}): Promise<BuiltProgram> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const [first = ""] = Object.keys(files);
  return resolveProgram(join(folder, first), { seed: 1, dtype: "f64", ...options });
}

const value = ({ f, args }: BuiltProgram): number => f(...(args as never[])).data[0] as number;
const gradient = ({ f, args, wrt }: BuiltProgram, select = {}): unknown =>
  grad(f as (...args: unknown[]) => Tensor, { wrt, select })(...args);

async function refusal(built: Promise<unknown>): Promise<AdError> {
  const error = await built.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof AdError) return error;
  throw new Error(`expected an AdError, got ${String(error)}`);
}

const simple = 'import { relu, sum } from "@nonsmooth/ad-core";\nexport const inputs = [[1, 0, -2]];\n';

describe("a program of a user", () => {
  test("in TypeScript, with types and a relative import, is differentiated by this engine", async () => {
    const built = await program({
      "loss.ts": `
        import { mul, sum, type Tensor } from "@nonsmooth/ad-core";
        import type { Options } from "./types.js";
        import { hinge } from "./parts/hinge.ts";
        interface Model { readonly weight: Tensor }
        export const f = (model: Model, x: Tensor): Tensor => sum(hinge(mul(model.weight, x)));
        export const inputs: readonly unknown[] = [{ weight: [1, 2, 3] }, [1, 0.5, -1]];
        export type { Options };
      `,
      "parts/hinge.ts": `
        import { relu, sub, type Tensor } from "@nonsmooth/ad-core";
        export function hinge<T extends Tensor>(x: T): Tensor { return relu(sub(1, x)); }
      `,
    });
    expect(built).toMatchObject({ name: "loss.ts", wrt: 0, description: "The function f of loss.ts." });
    expect(built.parameters).toEqual({ file: join(folder, "loss.ts"), function: "f", seed: 1, dtype: "f64" });
    expect(value(built)).toBe(4);
    expect(gradient(built)).toMatchObject({ weight: { data: Float64Array.of(0, 0, 1) } });
    expect(gradient(built, { relu: last })).toMatchObject({ weight: { data: Float64Array.of(-1, -0.5, 1) } });
  });

  test.each(["f.js", "f.mjs", "f.mts", "f.ts"])("in a file called %s", async (name) => {
    expect(value(await program({ [name]: `${simple}export const f = (x) => sum(relu(x));` }))).toBe(1);
  });

  test.each([
    ["f", "f before others", "export const f = (x) => sum(relu(x)); export default () => 3; export const g = f;"],
    ["default", "the default", "export default (x) => sum(relu(x)); export const g = () => 3;"],
    ["loss", "the only one", "export function loss(x) { return sum(relu(x)); } export const rate = 3;"],
  ])("is the function %s: %s", async (name, _which, text) => {
    const built = await program({ "f.ts": `${simple}${text}` });
    expect(built.parameters.function).toBe(name);
    expect(value(built)).toBe(1);
  });

  test("finds ./x.ts where it says ./x.js, reads JSON, packages, import.meta, and waits", async () => {
    const built = await program({
      "f.mts": `
        import { basename } from "node:path";
        import fs, { existsSync as exists } from "node:fs";
        import * as core from "@nonsmooth/ad-core";
        import numbers from "./numbers.json" with { type: "json" };
        import { twice } from "./twice.js";
        const { one } = await import("./one.mjs");
        const checks = [fs.existsSync, exists].map((has) => has(import.meta.filename) && has(new URL(import.meta.url)));
        export const inputs = [await Promise.resolve(numbers)];
        export const f = (x: core.Tensor) => core.mul(twice(core.sum(x)), checks.every(Boolean) ? one : basename(""));
      `,
      "numbers.json": "[1, 2]",
      "twice.ts":
        'import { mul, type Tensor } from "@nonsmooth/ad-core"; export const twice = (x: Tensor) => mul(x, 2);',
      "one.mjs": "export const one = 1;",
    });
    expect(value(built)).toBe(6);
  });

  test("may import in circles", async () => {
    const built = await program({
      "f.ts":
        'import { g } from "./g.ts";\nexport const three = () => 3;\nexport const f = (x) => g(x);\nexport const inputs = [2];',
      "g.ts":
        'import { mul } from "@nonsmooth/ad-core";\nimport { three } from "./f.ts";\nexport const g = (x) => mul(x, three());',
    });
    expect(value(built)).toBe(6);
  });

  test("names the arguments of its gradient", async () => {
    const text = `import { mul } from "@nonsmooth/ad-core";\nexport const f = mul;\nexport const inputs = [2, 3];\n`;
    expect(gradient(await program({ "f.ts": `${text}export const wrt = 1;` }))).toMatchObject({
      data: Float64Array.of(2),
    });
    expect(gradient(await program({ "f.ts": `${text}export const wrt = [0, 1];` }))).toMatchObject([
      { data: Float64Array.of(3) },
      { data: Float64Array.of(2) },
    ]);
  });

  test("makes its inputs for n", async () => {
    const text = 'import { ones, sum } from "@nonsmooth/ad-core";\nexport const f = (x) => sum(x);\n';
    const needed = { "f.ts": `${text}export const inputs = (n: number) => [ones([n])];` };
    expect(value(await program(needed, { inputs: 7 }))).toBe(7);
    expect((await findProgram(join(folder, "f.ts"))).sweeps).not.toBeNull();
    expect(await refusal(program(needed))).toMatchObject({ code: "missing", details: { expected: "n" } });
    expect(await refusal(program(needed, { inputs: 0 }))).toMatchObject({ code: "domain" });
    const optional = { "g.ts": `${text}export const inputs = (n = 4) => [ones([n])];` };
    expect(value(await program(optional))).toBe(4);
  });

  test("gets numbers and lists in the dtype asked for, tensors as they are", async () => {
    const built = await program(
      {
        "f.ts": `
          import { tensor } from "@nonsmooth/ad-core";
          export const f = (x) => x;
          export const inputs = [0.1, [[1, 2]], tensor(1, { dtype: "f64" }), [true], Int32Array.of(3), [{ a: 1 }, tensor(2)]];
        `,
      },
      { dtype: "f16" },
    );
    expect(built.args).toMatchObject([
      { dtype: "f16", shape: [] },
      { dtype: "f16", shape: [1, 2] },
      { dtype: "f64" },
      { dtype: "bool" },
      { dtype: "i32" },
      [{ a: { dtype: "f16" } }, { dtype: "f64" }],
    ]);
    expect(built.args[0]).toEqual(tensor(0.1, { dtype: "f16" }));
  });
});

describe("a file that is wrong", () => {
  test.each<[string, string, Record<string, string>]>([
    [
      "parse",
      'bad.ts:2:9: the file does not parse: expected TypeScript or JavaScript, got "Variable declaration expected"; mend it there',
      { "bad.ts": "const a = 1;\n  const = 2;" },
    ],
    ["parse", "bad.js:1:22", { "bad.js": "export const f = (x: number) => x;" }],
    ["parse", "twice.ts: the file does not parse", { "twice.ts": "let a = 1; let a = 2;" }],
    ["parse", "part.ts:1:", { "f.ts": 'import "./part.ts";', "part.ts": "export const (" }],
    [
      "parse",
      "n.json: the file does not parse",
      { "f.ts": 'import n from "./n.json"; export const inputs = n;', "n.json": "[1," },
    ],
    [
      "data",
      "throws.ts: the file throws while it is loaded: expected exports, got Error: no luck; run what may fail",
      { "throws.ts": 'throw new Error("no luck\\nsecond line");' },
    ],
    [
      "data",
      "throws.ts: the file throws while it is loaded: expected exports, got a thrown string: no",
      { "throws.ts": 'throw "no";' },
    ],
    ["missing", "a file is not there", { "f.ts": 'import { g } from "./nowhere.ts"; g();' }],
    ["unsupported", "no file of a program", { "f.ts": 'import { g } from "./nowhere"; g();' }],
    [
      "missing",
      'f.ts: it imports "no-such-package": expected a package that can be found',
      { "f.ts": 'import { g } from "no-such-package"; g();' },
    ],
    [
      "missing",
      'f.ts: it imports "@nonsmooth/no-such": expected a package',
      { "f.ts": 'import { g } from "@nonsmooth/no-such"; g();' },
    ],
    ["missing", "it imports a name that is computed", { "f.ts": 'const name = "./x.ts"; await import(name);' }],
    [
      "data",
      "the file exports the wrong things: expected a function among its exports, got no exports",
      { "f.ts": "const f = 1;" },
    ],
    [
      "data",
      "expected a function among its exports, got f (a number), inputs (a list), k (a Map); write",
      { "f.ts": "export const f = 1, inputs = [], k = new Map();" },
    ],
    [
      "data",
      "expected one function called `f` among its exports, got a (a function), b (a function)",
      { "f.ts": "export const a = () => 1, b = () => 2;" },
    ],
    ["data", "expected `inputs` among its exports, got f (a function)", { "f.ts": "export const f = (x) => x;" }],
    [
      "data",
      "the inputs are no list: expected a list with one element for each argument of f, got a number",
      { "f.ts": "export const f = (x) => x, inputs = 3;" },
    ],
    [
      "data",
      "f.ts: inputs[1].w[0] is no tensor: expected a tensor, a number, a list of numbers, or lists and objects of these, got a string",
      { "f.ts": 'export const f = (x) => x, inputs = [1, { w: ["a", 1] }];' },
    ],
    [
      "data",
      "inputs[0] is no tensor: expected a tensor, a number, a list of numbers, or lists and objects of these, got a Promise",
      { "f.ts": "export const f = (x) => x, inputs = [Promise.resolve(1)];" },
    ],
    ["shape", "lists are ragged", { "f.ts": "export const f = (x) => x, inputs = [[[1, 2], [3]]];" }],
    [
      "data",
      "its function `inputs` throws: expected a list of inputs, got RangeError: no",
      { "f.ts": 'export const f = (x) => x, inputs = () => { throw new RangeError("no"); };' },
    ],
    [
      "data",
      "`wrt` names no argument: expected a number from 0 to 0, or a list of such numbers, got 1",
      { "f.ts": "export const f = (x) => x, inputs = [1], wrt = 1;" },
    ],
    ["data", "`wrt` names no argument", { "f.ts": "export const f = (x) => x, inputs = [1], wrt = [];" }],
  ])("is refused: %s, %s", async (code, message, files) => {
    const error = await refusal(program(files));
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("\n");
    expect(error.code).toBe(code);
  });

  test("that is not there is refused", async () => {
    const error = await refusal(resolveProgram(join(folder, "none.ts"), { seed: 1, dtype: "f64" }));
    expect(error).toMatchObject({ code: "missing", details: { got: "no such file, asked for by the command line" } });
  });

  test("that is a folder is refused", async () => {
    mkdirSync(join(folder, "folder.ts"));
    const error = await refusal(resolveProgram(join(folder, "folder.ts"), { seed: 1, dtype: "f64" }));
    expect(error.code).toBe("missing");
  });

  test("of another kind is refused", async () => {
    const error = await refusal(resolveProgram("./program.py", { seed: 1, dtype: "f64" }));
    expect(error.code).toBe("unsupported");
    expect(error.message).toContain("expected a file that ends in .ts, .mts, .js, .mjs");
  });

  test("with fixed inputs cannot be swept", async () => {
    const error = await refusal(program({ "f.ts": "export const f = (x) => x, inputs = [1];" }, { inputs: 3 }));
    expect(error).toMatchObject({ code: "domain", where: "f.ts" });
  });

  test("with a tensor of another engine is told apart by the engine", async () => {
    const foreign = "{ brand: { package: '@nonsmooth/ad-core' }, shape: [], dtype: 'f64', data: [1] }";
    const built = await program({ "f.ts": `export const f = (x) => x, inputs = [${foreign}];` });
    expect(() => gradient(built)).toThrow(expect.objectContaining({ code: "unsupported" }));
  });
});

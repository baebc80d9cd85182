/** A TypeScript or JavaScript file as code that runs inside a function, and what it asks for. */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { AdError } from "@nonsmooth/ad-core";
import type { Diagnostic, Node, SourceFile, TransformerFactory } from "typescript";

type TypeScript = typeof import("typescript");

/** Code that calls `require` for each import, writes to `exports`, and calls `import.meta` by the name {@link metaName}. */
export interface Transpiled {
  readonly code: string;
  /** What it imports, in written order; what is only a type is left out. */
  readonly imports: readonly string[];
}

/** What `import.meta` is called in the code. */
export const metaName = "$meta";

/**
 * Takes the types away. The compiler is loaded here, and not with the command, because most commands need none.
 *
 * @throws AdError "parse" at the first syntax error, with its line and column
 */
export async function transpile(path: string, shown: string): Promise<Transpiled> {
  const { default: ts } = (await import("typescript")) as unknown as { default: TypeScript };
  // By its extension the compiler would choose another form of modules for .mts and .mjs.
  const fileName = extname(path).endsWith("ts") ? "program.ts" : "program.js";
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2023,
    allowJs: true,
    esModuleInterop: true,
  };
  const transformers = { before: [metaByName(ts)] };
  const text = readFileSync(path, "utf8");
  const result = ts.transpileModule(text, { fileName, compilerOptions, transformers, reportDiagnostics: true });
  const [wrong] = result.diagnostics ?? [];
  if (wrong !== undefined) throw syntaxError(ts, shown, wrong);
  const { importedFiles } = ts.preProcessFile(result.outputText, true, true);
  return { code: result.outputText, imports: importedFiles.map((file) => file.fileName) };
}

/** Inside a function there is no `import.meta`. */
function metaByName(ts: TypeScript): TransformerFactory<SourceFile> {
  return (context) => (file) => {
    const visit = (node: Node): Node =>
      ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword
        ? ts.factory.createIdentifier(metaName)
        : ts.visitEachChild(node, visit, context);
    return ts.visitEachChild(file, visit, context);
  };
}

function syntaxError(ts: TypeScript, shown: string, { file, start, messageText }: Diagnostic): AdError {
  const place = file?.getLineAndCharacterOfPosition(start ?? 0) ?? { line: 0, character: 0 };
  const [line, column] = [place.line + 1, place.character + 1];
  const got = ts.flattenDiagnosticMessageText(messageText, " ").replace(/\.$/, "");
  return parseError(`${shown}:${line}:${column}`, got, { line, column });
}

/** A file that does not parse. */
export const parseError = (where: string, got: string, details: Readonly<Record<string, unknown>> = {}): AdError =>
  new AdError({
    code: "parse",
    where,
    problem: "the file does not parse",
    expected: "TypeScript or JavaScript",
    got: `"${got}"`,
    remedy: "mend it there",
    details,
  });

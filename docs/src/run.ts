/**
 * Runs an example. A statement followed on its last line by ` // <expected>` is checked: the value of the expression, or of
 * what a constant is set to, must print as expected. All other statements run for their effect.
 */
import ts from "typescript";
import { show, showError } from "./show.ts";

/** A checked line as written, and as it should have been written. */
export interface Outcome {
  written: string;
  correct: string;
}

/** Replaces the text from `start` to `end`. */
interface Edit {
  start: number;
  end: number;
  text: string;
}

type Load = (module: string) => Promise<Record<string, unknown>>;

/** Runs the code with the names of `scope` at hand; `load` supplies what it imports from packages of the workspace. */
export async function runExample(example: string, scope: Record<string, unknown>, load: Load): Promise<Outcome[]> {
  // A semicolon before the expectation, where the next line would else be read as arguments or an index.
  const code = example.replace(/([^;\s])(\s+\/\/ .*\n)(?=\s*[[(`])/g, "$1;$2");
  const outcomes: Outcome[] = [];
  const check = async (source: string, expected: string, value: () => Promise<unknown>): Promise<unknown> => {
    const [result, printed] = await attempt(value);
    outcomes.push({ written: `${source} // ${expected}`, correct: `${source} // ${printed}` });
    return result;
  };
  const names = Object.keys(scope).filter((name) => name !== "default");
  const body = `return (async () => {\n${compiled(code)}\n})();`;
  await new Function("$check", "$load", ...names, body)(check, load, ...names.map((name) => scope[name]));
  const expectations = code.match(/\S[ \t]+\/\/ /g) ?? [];
  if (outcomes.length === expectations.length) return outcomes;
  throw new Error("an example has a ` // ` that no statement ends with: put comments on lines of their own");
}

/** The value and how it prints; an error that is not one of ours is not caught. */
async function attempt(value: () => Promise<unknown>): Promise<[unknown, string]> {
  try {
    const result = await value();
    return [result, show(result)];
  } catch (error) {
    const printed = showError(error);
    if (printed === undefined) throw error;
    return [undefined, printed];
  }
}

function compiled(code: string): string {
  const file = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ES2023, true);
  const edits = file.statements.map((statement) => edited(statement, code)).filter((edit) => edit !== undefined);
  const checked = edits.reduceRight(
    (text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end),
    code,
  );
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(checked, { compilerOptions }).outputText.replace(/^export \{\};$/m, "");
}

function edited(statement: ts.Statement, code: string): Edit | undefined {
  if (ts.isImportDeclaration(statement)) return loaded(statement);
  const expected = expectation(statement, code);
  const checked = ts.isExpressionStatement(statement)
    ? statement.expression
    : ts.isVariableStatement(statement) && statement.declarationList.declarations[0]?.initializer;
  if (expected === undefined || !checked) return undefined;
  const source = JSON.stringify(statement.getText().replace(/;$/, ""));
  const text = `await $check(${source}, ${JSON.stringify(expected)}, async () => (${checked.getText()}));`;
  return { start: checked.getStart(), end: statement.getEnd(), text };
}

/** What stands after ` // ` on the last line of a statement. */
function expectation(statement: ts.Statement, code: string): string | undefined {
  const [comment] = ts.getTrailingCommentRanges(code, statement.getEnd()) ?? [];
  return comment && code.slice(comment.pos + "//".length, comment.end).trim();
}

/** `import { a as b } from "@nonsmooth/x"` as `const { a: b } = await $load("@nonsmooth/x")`; types leave no trace. */
function loaded(statement: ts.ImportDeclaration): Edit {
  const [start, end] = [statement.getStart(), statement.getEnd()];
  const names = statement.importClause?.namedBindings;
  const module = (statement.moduleSpecifier as ts.StringLiteral).text;
  if (!module.startsWith("@nonsmooth/"))
    throw new Error(`an example imports "${module}": expected a package @nonsmooth/...`);
  if (names === undefined || statement.importClause?.phaseModifier) return { start, end, text: "" };
  const pattern = ts.isNamespaceImport(names)
    ? names.name.text
    : `{ ${names.elements.filter((e) => !e.isTypeOnly).map((e) => `${(e.propertyName ?? e.name).text}: ${e.name.text}`)} }`;
  return { start, end, text: `const ${pattern} = await $load(${JSON.stringify(module)});` };
}

/** Texts of kernels: each is read whole by the parser of gpu.js, and holds nothing that one of its modes takes amiss. */
import { type Tree, trace } from "@nonsmooth/ad-core";
import { parse } from "acorn";
import { describe, expect, test } from "vitest";
import { kernels } from "../src/kernels/index.ts";
import { lower } from "../src/lowering/lower.ts";
import { functionsIn, textFunctions } from "../src/text/functions.ts";
import { recordCases } from "./recordCases.ts";

/** A node of a syntax tree. */
interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

/** What texts are made of. */
const plainNodes: ReadonlySet<string> = new Set([
  ...["Program", "FunctionDeclaration", "Identifier", "BlockStatement", "VariableDeclaration", "VariableDeclarator"],
  ...["ReturnStatement", "IfStatement", "ForStatement", "ExpressionStatement", "AssignmentExpression", "Literal"],
  ...["BinaryExpression", "UnaryExpression", "UpdateExpression", "LogicalExpression", "ConditionalExpression"],
  ...["CallExpression", "MemberExpression", "ThisExpression"],
]);

/** All nodes of a text, from the outside in. */
function nodesOf(text: string): Node[] {
  const found: Node[] = [];
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(visit);
    if (typeof part !== "object" || part === null || !("type" in part)) return;
    found.push(part as Node);
    for (const inner of Object.values(part)) visit(inner);
  };
  visit(parse(text, { ecmaVersion: 2020 }));
  return found;
}

const sourcesOf = (f: (...args: never[]) => Tree, args: readonly Tree[]): string[] => {
  const program = trace(f as (...args: Tree[]) => Tree, [...args]);
  return lower(program, Array.from(program.outputs)).plan.dispatches.map(({ stage }) => stage.source);
};

const sources = [...new Set(recordCases.flatMap(({ f, args }) => sourcesOf(f as never, args)))];

describe("every text", () => {
  test(`is made of plain statements (${sources.length} texts)`, () => {
    for (const text of [...sources, ...Object.values(textFunctions).map(({ source }) => source)]) {
      const odd = nodesOf(text).filter(({ type }) => !plainNodes.has(type));
      expect({ odd: odd.map(({ type }) => type), text }).toEqual({ odd: [], text });
    }
  });

  test("has loops whose bounds are numbers: others end in silence after 1000 rounds", () => {
    const loops = sources.flatMap(nodesOf).filter(({ type }) => type === "ForStatement");
    expect(loops.length).toBeGreaterThan(20);
    for (const { test: condition } of loops) {
      expect(condition).toMatchObject({ operator: "<", right: { type: "Literal", value: expect.any(Number) } });
    }
  });

  test("has numbers that 32 bits hold", () => {
    for (const { value } of [...sources].flatMap(nodesOf).filter(({ type }) => type === "Literal"))
      expect(Math.abs(value as number)).toBeLessThan(2 ** 128);
  });

  test("calls functions that exist", () => {
    for (const text of sources) {
      const own = new Set(functionsIn(text).map(({ name }) => name));
      for (const { callee } of nodesOf(text).filter(({ type }) => type === "CallExpression")) {
        const called = callee as { readonly type: string; readonly name?: string };
        if (called.type === "Identifier") expect([...own]).toContain(called.name);
      }
    }
  });
});

test("every kernel has a case", () => {
  const names = new Set(
    recordCases.flatMap(({ f, args }) =>
      trace(f as never, [...args] as never).tables.primitives.map(({ name }) => name),
    ),
  );
  const derivatives = [
    "fold",
    "conv2dImageGradient",
    "conv2dFilterGradient",
    "tieOrder",
    "tieWeights",
    "inverseDeviation",
  ];
  expect(Object.keys(kernels).filter((name) => !names.has(name) && !derivatives.includes(name))).toEqual([]);
});

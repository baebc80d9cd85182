// Nested objects and arrays of tensors: taken apart into a flat list, and put together again.
import { AdError } from "../errors/adError.ts";
import { isTensor, type Tensor, tensor } from "./tensor.ts";

/**
 * Tensors, or arrays and plain objects of trees. A plain number is an `f64` scalar.
 * `Tree` is wide on purpose: the transforms give back what they were given, `Like<T>`.
 */
export type Tree = Tensor | number | readonly Tree[] | { readonly [key: string]: Tree };

/** A tree of the same form whose leaves are tensors; of a tree about which nothing is known, a tree. */
export type Like<T> = [Tree] extends [T]
  ? Tree
  : T extends Tensor | number
    ? Tensor
    : T extends object
      ? { -readonly [K in keyof T]: Like<T[K]> }
      : never;

/** The form of a tree, apart from its leaves. */
export interface Form {
  /** Number of leaves. */
  readonly size: number;
  /** Puts leaves together in this form. */
  readonly build: (leaves: readonly unknown[]) => unknown;
  /** Prints the form: equal texts, equal forms. */
  readonly text: string;
}

/** A tree taken apart. */
export interface Flat {
  readonly leaves: readonly Tensor[];
  readonly form: Form;
}

const leaf: Form = { size: 1, build: ([value]) => value, text: "*" };

function join(parts: readonly Form[], text: string, assemble: (values: unknown[]) => unknown): Form {
  const build = (leaves: readonly unknown[]): unknown => {
    let start = 0;
    return assemble(
      parts.map((part) => {
        const end = start + part.size;
        const value = part.build(leaves.slice(start, end));
        start = end;
        return value;
      }),
    );
  };
  return { size: parts.reduce((sum, part) => sum + part.size, 0), build, text };
}

function formOf(where: string, tree: unknown, leaves: Tensor[]): Form {
  if (typeof tree === "number" || isTensor(where, tree)) {
    leaves.push(typeof tree === "number" ? tensor(tree) : tree);
    return leaf;
  }
  if (Array.isArray(tree)) {
    const parts = tree.map((part) => formOf(where, part, leaves));
    return join(parts, `[${parts.map((part) => part.text).join(",")}]`, (values) => values);
  }
  if (isPlain(tree)) {
    const keys = Object.keys(tree).toSorted();
    const parts = keys.map((key) => formOf(where, tree[key], leaves));
    const text = `{${keys.map((key, i) => `${JSON.stringify(key)}:${parts[i]?.text}`).join(",")}}`;
    return join(parts, text, (values) => Object.fromEntries(keys.map((key, i) => [key, values[i]])));
  }
  throw leafError(where, tree);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function leafError(where: string, value: unknown): AdError {
  const expected = "tensors, numbers, arrays and plain objects of them";
  if (value instanceof Promise) {
    const remedy = "make the function synchronous and await its inputs before the call";
    return new AdError({
      code: "unsupported",
      where,
      problem: "a promise is not a tensor",
      expected,
      got: "a promise",
      remedy,
    });
  }
  const got =
    value === null ? "null" : typeof value === "object" ? (value.constructor?.name ?? "an object") : typeof value;
  const remedy = "wrap it with tensor, or leave it out of the tree";
  return new AdError({ code: "data", where, problem: "a leaf is not a tensor", expected, got, remedy });
}

/** Takes a tree apart: leaves in the order of arrays and of sorted keys. */
export function flattenTree(where: string, tree: unknown): Flat {
  const leaves: Tensor[] = [];
  return { form: formOf(where, tree, leaves), leaves };
}

/** Checks that a second tree has the form of a first one. */
export function checkForm(where: string, what: string, expected: Form, got: Form): void {
  if (expected.text === got.text) return;
  const remedy = "give it the same keys and lengths";
  throw new AdError({
    code: "data",
    where,
    problem: `${what} has another form`,
    expected: expected.text,
    got: got.text,
    remedy,
  });
}

// Trees of parameters: checked against each other, and mapped leaf by leaf.
import { AdError, realDType, type Tensor, type Tree, tensor } from "@nonsmooth/ad-core";

type Leaves<Trees extends readonly Tree[]> = { [Index in keyof Trees]: Tensor };

/** One tensor of a tree; `path` is its keys, joined by "/": `conv1/weight`. */
export interface Leaf {
  readonly path: string;
  readonly tensor: Tensor;
}

/** Applies a function to the leaves that stand at the same place of several trees of one form, shapes and dtypes. */
export function mapTree<const Trees extends readonly Tree[]>(
  where: string,
  trees: Trees,
  f: (leaves: Leaves<Trees>, path: string) => Tensor,
): Tree {
  return mapAt(where, "", trees, f as (leaves: readonly Tensor[], path: string) => Tensor);
}

/** All leaves of a tree, in the order of arrays and of sorted keys. */
export function leavesOf(where: string, tree: Tree): Leaf[] {
  const leaves: Leaf[] = [];
  mapTree(where, [tree], ([leaf], path) => {
    leaves.push({ path, tensor: leaf });
    return leaf;
  });
  return leaves;
}

/** Checks that trees agree in form, shapes and dtypes, and that their leaves are real. */
export function checkTrees(where: string, ...trees: readonly Tree[]): void {
  mapAt(where, "", trees, ([leaf]) => leaf as Tensor);
}

function mapAt(
  where: string,
  path: string,
  trees: readonly unknown[],
  f: (leaves: readonly Tensor[], path: string) => Tensor,
): Tree {
  const below = (key: string | number): Tree => {
    const parts = trees.map((tree) => (tree as Readonly<Record<string | number, unknown>>)[key]);
    return mapAt(where, path === "" ? String(key) : `${path}/${key}`, parts, f);
  };
  const [first] = trees;
  const form = formOf(where, path, first);
  for (const tree of trees.slice(1)) checkForm(where, path, form, formOf(where, path, tree));
  if (Array.isArray(first)) return first.map((_, i) => below(i));
  if (isPlain(first)) return Object.fromEntries(keysOf(first).map((key) => [key, below(key)]));
  const leaves = trees.map((tree) => (typeof tree === "number" ? tensor(tree) : (tree as Tensor)));
  checkLeaves(where, path, leaves);
  return f(leaves, path);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Keys in the order of ad-core's trees, so that equal trees have equal leaves in one order. */
const keysOf = (tree: Readonly<Record<string, unknown>>): string[] => Object.keys(tree).toSorted();

/** What stands at a place, as text: equal texts, equal forms. */
function formOf(where: string, path: string, tree: unknown): string {
  if (Array.isArray(tree)) return `a list of ${tree.length}`;
  if (isPlain(tree)) return `{${keysOf(tree).join(", ")}}`;
  const { shape, dtype } = (tree ?? {}) as Partial<Tensor>;
  if (typeof tree === "number" || (shape !== undefined && dtype !== undefined)) return "a tensor";
  const problem = `${placeOf(path)} is not a tensor`;
  const expected = "tensors, numbers, arrays and plain objects of them";
  const got = tree === null ? "null" : typeof tree;
  throw new AdError({ code: "data", where, problem, expected, got, remedy: "leave it out of the tree" });
}

const placeOf = (path: string): string => (path === "" ? "the tree" : `"${path}"`);

function checkForm(where: string, path: string, expected: string, got: string): void {
  if (expected === got) return;
  const problem = `trees differ at ${placeOf(path)}`;
  const remedy = "give gradients and state the form of the parameters; a state belongs to the parameters of its init";
  throw new AdError({ code: "data", where, problem, expected, got, remedy, details: { path } });
}

function checkLeaves(where: string, path: string, [first, ...others]: readonly Tensor[]): void {
  const { shape, dtype } = first as Tensor;
  realDType(where, [{ shape, dtype }]);
  for (const other of others) {
    const text = `[${shape.join(", ")}]`;
    const got = `[${other.shape.join(", ")}]`;
    const parts = { where, details: { path }, remedy: "give gradients and state the types of the parameters" };
    const problem = `leaves differ at ${placeOf(path)}`;
    if (got !== text) throw new AdError({ code: "shape", problem, expected: text, got, ...parts });
    if (other.dtype !== dtype)
      throw new AdError({ code: "dtype", problem, expected: dtype, got: other.dtype, ...parts });
  }
}

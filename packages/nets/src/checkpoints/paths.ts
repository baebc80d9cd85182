// Trees of tensors as tables of tensors by path, such as `conv1.weight`, and back.
import { AdError, type Tensor, type Tree } from "@nonsmooth/ad-core";

const isLeaf = (tree: Tree): tree is Tensor => typeof tree === "object" && "dtype" in tree && "shape" in tree;

/**
 * The tensors of a tree by their paths: keys and numbers of elements, with points between them.
 *
 * @param tree - tensors, or arrays and objects of trees
 * @returns the tensors in the order of the tree
 * @throws AdError "data" for a plain number, or a key with a point
 * @example
 * Object.keys(toPaths({ conv1: { weight: tensor(1), bias: tensor(2) }, list: [tensor(3)] })) // ["conv1.weight", "conv1.bias", "list.0"]
 */
export function toPaths(tree: Tree): Record<string, Tensor> {
  const found: Record<string, Tensor> = {};
  walk(tree, [], (path, leaf) => {
    found[path.join(".")] = leaf;
  });
  return found;
}

function walk(tree: Tree, path: readonly string[], visit: (path: readonly string[], leaf: Tensor) => void): void {
  if (typeof tree === "number") throw refuse(path, "a tensor", "a plain number", "wrap it with tensor");
  if (isLeaf(tree)) {
    visit(path, tree);
    return;
  }
  for (const [key, part] of Object.entries(tree)) {
    if (key.includes(".")) throw refuse(path, "keys without a point", key, "call it otherwise");
    walk(part as Tree, [...path, key], visit);
  }
}

/**
 * Puts tensors into a tree of a known form.
 *
 * @param like - a tree of the same form; its tensors give shapes and dtypes
 * @param tensors - by path
 * @param where - what is told when they do not fit
 * @returns the tree
 * @throws AdError "missing" when a path is not there or not of the tree; "shape" or "dtype" when a tensor is another
 * @example
 * fromPaths({ w: tensor([0, 0]) }, { w: tensor([1, 2]) }) // { w: [1, 2] }
 */
export function fromPaths<T extends Tree>(like: T, tensors: Readonly<Record<string, Tensor>>, where = "fromPaths"): T {
  const wanted = toPaths(like);
  const [paths, given] = [Object.keys(wanted), Object.keys(tensors)];
  const [lacking, odd] = [paths.filter((path) => !(path in tensors)), given.filter((path) => !(path in wanted))];
  if (lacking.length > 0 || odd.length > 0) throw otherPaths(where, lacking, odd);
  for (const path of paths) checkAlike(where, path, wanted[path] as Tensor, tensors[path] as Tensor);
  return build(like, [], tensors) as T;
}

function build(like: Tree, path: readonly string[], tensors: Readonly<Record<string, Tensor>>): Tree {
  if (isLeaf(like)) return tensors[path.join(".")] as Tensor;
  if (Array.isArray(like)) return like.map((part: Tree, i) => build(part, [...path, `${i}`], tensors));
  return Object.fromEntries(
    Object.entries(like).map(([key, part]) => [key, build(part as Tree, [...path, key], tensors)]),
  );
}

function checkAlike(where: string, path: string, wanted: Tensor, found: Tensor): void {
  const remedy = "load what was saved from the same model and dtype";
  if (found.dtype !== wanted.dtype) {
    const problem = `${path} has another dtype`;
    throw new AdError({ code: "dtype", where, problem, expected: wanted.dtype, got: found.dtype, remedy });
  }
  if (found.shape.join() === wanted.shape.join()) return;
  const [expected, got] = [wanted, found].map(({ shape }) => `[${shape.join(", ")}]`) as [string, string];
  throw new AdError({ code: "shape", where, problem: `${path} has another shape`, expected, got, remedy });
}

function otherPaths(where: string, lacking: readonly string[], odd: readonly string[]): AdError {
  const [expected, got] = [lacking, odd].map((list) => list.slice(0, 5).join(", ") || "nothing else") as [
    string,
    string,
  ];
  const remedy = "load what was saved from the same model and optimizer";
  const details = { lacking, odd };
  return new AdError({ code: "missing", where, problem: "other tensors are saved", expected, got, remedy, details });
}

function refuse(path: readonly string[], expected: string, got: string, remedy: string): AdError {
  const problem = `the tree cannot be saved${path.length > 0 ? ` at ${path.join(".")}` : ""}`;
  return new AdError({ code: "data", where: "toPaths", problem, expected, got, remedy });
}

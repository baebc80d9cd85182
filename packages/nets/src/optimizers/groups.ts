// Different optimizers for different parameters.
import { AdError, type Tensor, type Tree } from "@nonsmooth/ad-core";
import { checkState } from "./checks.ts";
import type { Optimizer } from "./optimizer.ts";
import { checkTrees, leavesOf, mapTree } from "./tree.ts";

/** The states of the groups, by label. */
export type GroupsState = Readonly<Record<string, Tree>>;

/** The leaves of one group, by path. */
type Group = Record<string, Tensor>;

/**
 * Gives each parameter to the optimizer of its label.
 *
 * A group is one tree to its optimizer, so that `clipByGlobalNorm` inside a group sees the norm of that group.
 * Cost: that of the optimizers, each on its parameters.
 *
 * @param label - names the group of a parameter, from its path (`conv1/weight`), shape and dtype
 * @param optimizers - one for each label; a label may have no parameters
 * @returns the optimizer; its state is a record of states by label
 * @throws AdError "missing" when a parameter gets a label without optimizer
 * @example
 * const isBias = (path) => path.endsWith("bias");
 * const slow = sgd({ rate: 0.1 });
 * const optimizer = groups((path) => (isBias(path) ? "biases" : "others"), { biases: sgd({ rate: 1 }), others: slow });
 * const params = { weight: tensor([1, 2]), bias: tensor([3]) };
 * optimizer.update(params, optimizer.init(params), params)[0] // { bias: [-3], weight: [-0.1, -0.2] }
 */
export function groups(
  label: (path: string, parameter: Tensor) => string,
  optimizers: Readonly<Record<string, Optimizer>>,
): Optimizer<GroupsState> {
  const labels = Object.keys(optimizers);
  const name = `groups(${labels.map((key) => `${key}: ${optimizers[key]?.name}`).join(", ")})`;
  const at = (key: string): Optimizer => optimizers[key] as Optimizer;
  const collect = (tree: Tree, params: Tree): Record<string, Group> => parted(labels, label, tree, params);
  return {
    name,
    init(params) {
      const parts = collect(params, params);
      return Object.fromEntries(labels.map((key) => [key, at(key).init(parts[key] as Group)]));
    },
    update(grads, state, params) {
      checkTrees("groups", params, grads);
      checkState("groups", state, labels);
      const [mine, theirs] = [collect(params, params), collect(grads, params)];
      const results = labels.map((key) => at(key).update(theirs[key] as Group, state[key] as Tree, mine[key] as Group));
      const updates: Group = Object.assign({}, ...results.map(([updated]) => updated));
      const next = Object.fromEntries(results.map(([, kept], i) => [labels[i], kept]));
      return [mapTree("groups", [params], (_, path) => updates[path] as Tensor), next];
    },
  };
}

/** The leaves of a tree in their groups, which the parameters decide. */
function parted(
  labels: readonly string[],
  label: (path: string, parameter: Tensor) => string,
  tree: Tree,
  params: Tree,
): Record<string, Group> {
  const parts: Record<string, Group> = Object.fromEntries(labels.map((key) => [key, {}]));
  const leaves = leavesOf("groups", tree);
  const seen = new Set<string>();
  leavesOf("groups", params).forEach(({ path, tensor }, i) => {
    const key = label(path, tensor);
    if (!Object.hasOwn(parts, key)) throw labelError(labels, path, key);
    if (seen.has(path)) throw pathError(path);
    seen.add(path);
    (parts[key] as Group)[path] = (leaves[i] as (typeof leaves)[number]).tensor;
  });
  return parts;
}

function labelError(labels: readonly string[], path: string, key: string): AdError {
  const problem = `"${path}" has a label without optimizer`;
  const [expected, remedy] = [labels.join(", "), "add an optimizer for it, or return another label"];
  return new AdError({ code: "missing", where: "groups", problem, expected, got: String(key), remedy });
}

function pathError(path: string): AdError {
  const [problem, expected] = ["two parameters have one path", "keys that differ when joined by /"];
  return new AdError({
    code: "data",
    where: "groups",
    problem,
    expected,
    got: path,
    remedy: "leave / out of the keys",
  });
}

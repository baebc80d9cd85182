// What a machine carries from run to run, beside the reference.
import {
  add,
  compile,
  type Machine,
  mul,
  reference,
  sum,
  type Tensor,
  type Tree,
  tensor,
  trace,
} from "@nonsmooth/ad-core";
import { flattenTree } from "@nonsmooth/ad-core/machines";
import { expectSameBits, fail } from "../tools/compare.ts";

/** A program, and which of its results go to which of its arguments. */
interface Story {
  readonly says: string;
  readonly f: (...args: never[]) => Tree;
  readonly carry: Readonly<Record<string, number>>;
}

const row = (...values: number[]): Tensor => tensor(values, { dtype: "f32" });

/** The last argument is new in each run. All numbers are exact in 32 bits. */
const stories: readonly Story[] = [
  { says: "a sum", f: (a: Tensor, x: Tensor) => ({ a: add(a, x), twice: mul(a, 2) }), carry: { a: 0 } },
  { says: "the old value is shown", f: (a: Tensor, x: Tensor) => ({ a: add(a, x), old: a }), carry: { a: 0 } },
  {
    says: "two change places",
    f: (a: Tensor, b: Tensor, x: Tensor) => ({ a: b, b: a, shown: add(a, x) }),
    carry: { a: 0, b: 1 },
  },
  {
    says: "one becomes both",
    f: (a: Tensor, b: Tensor, x: Tensor) => ({ a: add(b, x), b: add(b, x), x: a }),
    carry: { a: 0, b: 1 },
  },
  {
    says: "one follows the other",
    f: (a: Tensor, _b: Tensor, x: Tensor) => ({ a: add(a, x), b: a }),
    carry: { a: 0, b: 1 },
  },
  { says: "a constant", f: (_a: Tensor, x: Tensor) => ({ a: row(7, 8, 9), x }), carry: { a: 0 } },
  { says: "nothing is shown", f: (a: Tensor, x: Tensor) => ({ a: add(a, x) }), carry: { a: 0 } },
  {
    says: "the new value is used again",
    f: (a: Tensor, x: Tensor) => {
      const next = mul(add(a, x), 0.5);
      return { a: next, total: sum(mul(next, a)), again: add(next, next) };
    },
    carry: { a: 0 },
  },
];

const begun: Readonly<Record<string, Tensor>> = { a: row(1, 2, 3), b: row(4, 5, 6) };
const arriving = [row(10, 20, 30), row(1, 1, 1), row(0, -1, 2)];

/** All that a machine shows in some runs of a story, and what it carries in the end. */
async function told(machine: Machine, { f, carry }: Story): Promise<readonly Tensor[]> {
  const names = Object.keys(carry);
  const args = [...names.map((name) => begun[name] as Tensor), row(0, 0, 0)];
  const running = compile(trace(f as (...args: unknown[]) => Tree, args), machine, { carry });
  for (const name of names) running.write(name, begun[name]);
  const shown: unknown[] = [];
  for (const x of arriving) shown.push(await running.run([x]));
  for (const name of names) shown.push(await running.read(name));
  running.dispose();
  return flattenTree("conformsOverRuns", shown as Tree[]).leaves;
}

/**
 * Checks programs over several runs: what stays on a machine from run to run, what it shows of it, and what it says in the
 * end must have the bits of the reference. Values are passed on, exchanged, doubled, replaced, and used after their change.
 *
 * @param machine - computes in f32; its `run` and `read` may return promises
 * @throws Error that names the program, when a result differs
 * @example
 * await conformsOverRuns(reference())
 */
export async function conformsOverRuns(machine: Machine): Promise<void> {
  for (const story of stories) {
    const [got, expected] = [await told(machine, story), await told(reference(), story)];
    if (got.length !== expected.length) fail(`${story.says}: expected ${expected.length} values, got ${got.length}`);
    for (const [i, value] of got.entries()) expectSameBits(`${story.says}, value ${i}`, value, expected[i] as Tensor);
  }
}

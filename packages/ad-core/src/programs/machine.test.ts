import { describe, expect, test } from "vitest";
import { errorOf, wrong } from "../../laws/refusals.ts";
import {
  add,
  compile,
  dtypes,
  exp,
  greater,
  isTrue,
  mul,
  neg,
  programFromJson,
  programToJson,
  reference,
  simplify,
  sum,
  type Tensor,
  tensor,
  trace,
} from "../index.ts";

const numbers = (tree: unknown): number[] => Array.from((tree as Tensor).data);

const program = trace((p: { a: Tensor }, v: Tensor) => [add(p.a, v), { y: mul(v, 2) }], [{ a: tensor(1) }, tensor(2)]);

describe("an executable", () => {
  test("runs with the arguments in a list, and returns the tree of the program", () => {
    const [total, { y }] = compile(program, reference()).run([{ a: 3 }, 4]) as [Tensor, { y: Tensor }];
    expect([total, y].map(numbers)).toEqual([[7], [8]]);
  });

  test("gives the bits of a call, again and again", () => {
    const f = trace((v: Tensor) => sum(exp(v)), [tensor([0, 0])]);
    const running = compile(f, reference());
    for (const at of [tensor([-0, NaN]), tensor([0.1, 1e-300]), tensor([-0, NaN])])
      expect(running.run([at])).toEqual(f(at));
  });

  test("of a loaded and of a simplified program gives the same", () => {
    const f = trace((v: Tensor) => mul(exp(v), exp(v)), [tensor(0)]);
    for (const other of [programFromJson(programToJson(f)), simplify(f)])
      expect(compile(other, reference()).run([tensor(0.3)])).toEqual(f(tensor(0.3)));
  });

  test("describes itself", () => {
    expect(compile(program, reference()).describe()).toEqual({ machine: "reference", instructions: 2, carried: [] });
    const carrying = trace((a: Tensor, b: Tensor) => ({ b: add(a, b), a }), [tensor(1), tensor(1)]);
    expect(compile(carrying, reference(), { carry: { b: 1, a: 0 } }).describe()).toEqual({
      machine: "reference",
      instructions: 1,
      carried: ["b", "a"],
    });
  });

  test.each([
    ["another shape", "shape", [{ a: 1 }, tensor([1])]],
    ["another dtype", "dtype", [{ a: 1 }, tensor(1, { dtype: "f32" })]],
    ["another form", "data", [1, 1]],
    ["too few arguments", "data", [{ a: 1 }]],
    ["too many arguments", "data", [{ a: 1 }, 1, 1]],
    ["no list of arguments", "data", tensor(1)],
    ["nothing", "data", undefined],
    ["text", "data", "ab"],
  ])("refuses %s", (_says, code, args) => {
    expect(errorOf(() => compile(program, reference()).run(wrong(args))).code).toBe(code);
  });

  test("stops at a guard", () => {
    const branch = trace((v: Tensor) => (isTrue(greater(v, 0)) ? v : neg(v)), [tensor(1)]);
    const running = compile(branch, reference());
    expect(errorOf(() => running.run([tensor(-1)])).code).toBe("guard");
    expect(numbers(running.run([tensor(2)]))).toEqual([2]);
  });

  test("cannot be used after it was disposed of, and may be disposed of twice", () => {
    const carrying = trace((a: Tensor) => ({ a }), [tensor(1)]);
    const running = compile(carrying, reference(), { carry: { a: 0 } });
    running.write("a", 1);
    running.dispose();
    running.dispose();
    for (const use of [() => running.run([]), () => running.read("a"), () => running.write("a", 1)]) {
      const error = errorOf(use);
      expect([error.code, error.where]).toEqual(["backend", "Executable"]);
    }
  });

  test("that is disposed of leaves others of the program alone", () => {
    const [one, two] = [compile(program, reference()), compile(program, reference())];
    one.dispose();
    expect(two.run([{ a: 1 }, 1])).toHaveLength(2);
  });
});

describe("compile", () => {
  test("refuses settings that it does not know", () => {
    expect(errorOf(() => compile(program, reference(), wrong({ cary: {} }))).code).toBe("domain");
  });

  test("asks the machine", () => {
    const asked: unknown[] = [];
    const machine = reference();
    const other = {
      ...machine,
      compile(...args: Parameters<typeof machine.compile>) {
        asked.push(args[0]);
        return machine.compile(...args);
      },
    };
    compile(program, other);
    expect(asked).toEqual([program]);
  });
});

test("the reference machine knows every dtype", () => {
  expect([reference().name, reference().dtypes]).toEqual(["reference", dtypes]);
});

// Products of matrices, each sum in order; operands may lie with their last two axes exchanged.
import { type Kernel, oneStage, type Task, type Work, withShader } from "./kernel.ts";
import { matmulShader } from "./shaders/matmul.ts";

/** Which operands lie in memory with their last two axes exchanged. */
export interface Exchanged {
  readonly a: boolean;
  readonly b: boolean;
}

/** Sizes of a product, and how far neighbours of both operands lie from each other. */
export interface ProductSizes {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly a: { readonly row: number; readonly inner: number };
  readonly b: { readonly inner: number; readonly column: number };
}

/** An operand that was exchanged is known by its own type, of any rank. */
function productSizes({ inputs: [a], output }: Pick<Task, "inputs" | "output">, exchanged: Exchanged): ProductSizes {
  const [batch, rows, columns] = output.shape as [number, number, number];
  const inner = a.shape.at(exchanged.a ? -2 : -1) as number;
  return {
    ...{ batch, rows, inner, columns },
    a: exchanged.a ? { row: 1, inner: rows } : { row: inner, inner: 1 },
    b: exchanged.b ? { inner: 1, column: inner } : { inner: columns, column: 1 },
  };
}

export function exchangedMatmul(task: Task<never>, exchanged: Exchanged): Work {
  const sizes = productSizes(task, exchanged);
  const { batch, rows, inner, columns, a, b } = sizes;
  const work = oneStage(2, batch * rows * columns, (body, at, [left, right]) => {
    const line = body.variable(`quotient(${at}, ${columns})`);
    const sample = body.variable(`quotient(${line}, ${rows})`);
    const first = body.variable(`${sample} * ${rows * inner} + (${line} - ${sample} * ${rows}) * ${a.row}`);
    const second = body.variable(`${sample} * ${inner * columns} + (${at} - ${line} * ${columns}) * ${b.column}`);
    if (inner === 0) return "0";
    const total = body.variable(`${left}[${first}] * ${right}[${second}]`);
    body.repeat(inner - 1, (round) => {
      const i = body.variable(`${round} + 1`);
      body.set(total, `${total} + ${left}[${first} + ${i} * ${a.inner}] * ${right}[${second} + ${i} * ${b.inner}]`);
    });
    return total;
  });
  return withShader(work, matmulShader(sizes));
}

export const matmul: Kernel = (task) => exchangedMatmul(task, { a: false, b: false });

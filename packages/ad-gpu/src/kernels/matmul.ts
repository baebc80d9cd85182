// Products of matrices, each sum in order; operands may lie with their last two axes exchanged.
import { type Kernel, oneStage, type Task, type Work, withShader } from "./kernel.ts";
import { type Exchanged, productSizes } from "./productSizes.ts";
import { matmulShader } from "./shaders/matmul.ts";

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

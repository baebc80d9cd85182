/** The study of directional derivatives as text. */
import type { DirectionalStudy } from "../studies/directional/study.ts";
import { whole } from "./costText.ts";
import { table } from "./table.ts";

const ratio = (value: number): string => value.toFixed(2);

const head = [
  ["", "one", "n directional", "", "schoolbook", "with their", "", "product", "n of the", "", "smooth"],
  ["n", "evaluation", "derivatives", "ratio", "bound", "gradient", "ratio", "off by", "smooth F", "ratio", "off by"],
];

/** Everything that the study found, for people. */
export function directionalText({ function: kinked, rows, seed, omegaB }: DirectionalStudy): string {
  const cells = rows.map((row) => [
    ...[whole(row.n), whole(row.evaluate), whole(row.forward), ratio(row.forwardRatio), ratio(row.lowerBound)],
    ...[whole(row.backward), ratio(row.backwardRatio), String(row.difference)],
    ...[whole(row.smooth.operations), ratio(row.smooth.ratio), String(row.smooth.difference)],
  ]);
  return [
    `F(x, z) = sum over i of ${kinked}((A B x)_i + z_i) at 0, with n x n matrices of whole numbers from seed ${seed}`,
    "",
    ...table([...head, ...cells]).map((line) => `  ${line}`),
    "",
    "evaluation        scalar operations of F, each at price 1: 4 n² + n - 1",
    "ratio             to one evaluation",
    "schoolbook bound  of the ratio before it: what n derivatives would have to cost, as A B is read off one sweep back through",
    `                  them, (c(n)/${omegaB} - n + 1) / (4 n² + n - 1), with the schoolbook count c(n) = 2 n³ - n² in place of the`,
    `                  unknown complexity of n x n products; it grows like 2 n / (4 · ${omegaB}) = n/${2 * omegaB}`,
    "with gradient     the derivatives, their sum, and its gradient in the directions, which holds A B",
    "off by            largest difference from the product A B; for smooth F, from the derivatives along each direction",
    "smooth F          softplus in place of the kink: one gradient and n inner products give all n derivatives",
    "",
  ].join("\n");
}

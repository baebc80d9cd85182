/** The published claims about volumes. */
import type { Claim } from "../../../report/report.ts";
import { pairs } from "../plan.ts";
import { poolClaims } from "./poolClaims.ts";
import { reluClaims } from "./reluClaims.ts";
import { pairName, type ZonesRow } from "./rows.ts";

/** All claims that the rows speak of. Figures are numbered by the pairs, in the order of the rows. */
export function claimsOf(rows: readonly ZonesRow[]): Claim[] {
  const names = [...new Set(rows.map(pairName))];
  const of = (pair: keyof typeof pairs): [ZonesRow[], number] => {
    const name = pairName(pairs[pair]);
    return [rows.filter((row) => pairName(row) === name), names.indexOf(name)];
  };
  return [...reluClaims(...of("relu")), ...poolClaims(...of("maxpool"))];
}

/** The study of traps: small programs whose derivatives are known to be wrong, asked of the engine one by one. */
import { fourTraps, pairTraps } from "./maxima.ts";
import { rewrittenTraps } from "./rewritten.ts";
import type { Trap } from "./trap.ts";
import { normTraps, poolTraps, ruleTraps } from "./windows.ts";
import { bifurcationTraps, compensationTraps } from "./zeroFunction.ts";

export type { Trap } from "./trap.ts";

/** What the study found. */
export interface TrapStudy {
  readonly rows: readonly Trap[];
}

/** Asks the engine every question. */
export const trapStudy = (): TrapStudy => ({
  rows: [
    ...rewrittenTraps(),
    ...pairTraps(),
    ...fourTraps(),
    ...bifurcationTraps(),
    ...compensationTraps(),
    ...poolTraps(),
    ...normTraps(),
    ...ruleTraps(),
  ],
});

/** The rows whose answer is another than expected; none, unless the engine is broken. */
export const disagreements = ({ rows }: TrapStudy): Trap[] => rows.filter(({ agree }) => !agree);

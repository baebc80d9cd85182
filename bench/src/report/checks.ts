/** What figures and reports refuse, before anything is drawn. */
import { AdError } from "@nonsmooth/ad-core";
import type { Report } from "./report.ts";

/** Refuses no rows at all. */
export function needRows(figure: string, rows: readonly unknown[]): void {
  if (rows.length > 0) return;
  throw refused(figure, "nothing to draw", "a row at least", "none", "leave the figure out");
}

/** Refuses numbers that are not finite or below `least`; null stands for what was not finite. */
export function needNumbers(figure: string, values: readonly (number | null)[], least: number = -Infinity): void {
  const bad = values.find((value) => value !== null && !(Number.isFinite(value) && value >= least));
  if (bad === undefined) return;
  const expected = `finite numbers${least === -Infinity ? "" : ` from ${least} on`}, or null`;
  throw refused(figure, "a number that has no place", expected, String(bad), "write null for what is not finite");
}

/** Refuses two rows for one place. */
export function needOnce(figure: string, places: readonly string[]): void {
  const twice = places.find((place, i) => places.indexOf(place) !== i);
  if (twice === undefined) return;
  throw refused(figure, "two rows for one place", "each place once", twice, "put the rows together");
}

/**
 * Refuses names that no file or link can have, names that come twice, and claims that nothing shows.
 *
 * @throws AdError "domain"
 */
export function checkReport({ figures, tables, claims }: Report): void {
  const ids = [...figures, ...tables].map(({ id }) => id);
  const bad = ids.find((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/i.test(id));
  if (bad !== undefined)
    throw refused("report", "a bad id", "letters, digits and hyphens", JSON.stringify(bad), "rename the figure");
  needOnce("report", ids);
  const lost = claims.find(({ figure }) => !ids.includes(figure));
  if (lost === undefined) return;
  throw refused("report", "nothing shows a claim", `one of ${ids.join(", ")}`, lost.figure, "name a figure or a table");
}

const refused = (where: string, problem: string, expected: string, got: string, remedy: string): AdError =>
  new AdError({ code: "domain", where, problem, expected, got, remedy });

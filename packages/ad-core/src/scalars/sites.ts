// Where cells stand in a program, kept as runs of cells with one site.
import type { Handle } from "./opcodes.ts";

/** Run `r` begins at cell `starts[r]` and ends where the next begins; its cells have the site `names[r]`. */
export interface SiteRuns {
  readonly starts: readonly Handle[];
  readonly names: readonly string[];
}

/** A site inside another. */
export const joined = (outer: string, inner: string): string =>
  outer === "" || inner === "" ? outer + inner : `${outer}/${inner}`;

/** The site of a cell. */
export function siteAt({ starts, names }: SiteRuns, i: Handle): string {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= i) low = middle;
    else high = middle;
  }
  return names[low] as string;
}

/** Runs under construction. */
export class SiteRecorder implements SiteRuns {
  readonly starts: Handle[] = [0];
  readonly names: string[] = [""];

  get current(): string {
    return this.names.at(-1) as string;
  }

  /** From this cell on the site is another; a run without cells is dropped. */
  enter(site: string, from: Handle): void {
    if (site === this.current) return;
    const isEmpty = this.starts.at(-1) === from;
    this.starts[this.starts.length - (isEmpty ? 1 : 0)] = from;
    this.names[this.names.length - (isEmpty ? 1 : 0)] = site;
  }

  finish(): SiteRuns {
    return { starts: [...this.starts], names: [...this.names] };
  }
}

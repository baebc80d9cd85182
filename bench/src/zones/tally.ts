/** Counts over all draws of a job. */
import type { Distance } from "./differences.ts";
import type { KinkedStep } from "./forward.ts";

/** Elements on a kink for an instruction that the sides treat differently; null when they were not counted. */
export interface KinkTies {
  readonly name: string;
  readonly site: string;
  readonly ties: number | null;
}

/** What was counted. */
export interface Counted {
  /** For each tensor of parameters: mini-batches in which it differs. */
  readonly layers: Readonly<Record<string, number>>;
  readonly kinks: readonly KinkTies[];
}

/** Keeps count. */
export class Tally {
  readonly #kinks: readonly KinkedStep[];
  readonly #ties: number[] | null;
  readonly #layers = new Map<string, number>();

  constructor(kinks: readonly KinkedStep[], isCounted: boolean) {
    this.#kinks = kinks;
    this.#ties = isCounted ? kinks.map(() => 0) : null;
  }

  see(ties: readonly number[] | undefined): void {
    for (const [i, count] of (ties ?? []).entries()) if (this.#ties) this.#ties[i] = (this.#ties[i] as number) + count;
  }

  differ({ layers }: Distance): void {
    for (const [path, largest] of layers) this.#layers.set(path, (this.#layers.get(path) ?? 0) + (largest > 0 ? 1 : 0));
  }

  result(): Counted {
    const kinks = this.#kinks.map(({ name, site }, i) => ({ name, site, ties: this.#ties?.[i] ?? null }));
    return { layers: Object.fromEntries(this.#layers), kinks };
  }
}

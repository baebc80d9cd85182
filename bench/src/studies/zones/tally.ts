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
  readonly #kinks = new Map<string, KinkTies>();
  readonly #layers = new Map<string, number>();

  /** Notes the instructions that the sides treat differently, and how many elements sit on each, if that was counted. */
  see(kinks: readonly KinkedStep[], ties: readonly number[] | undefined): void {
    for (const [i, { name, site }] of kinks.entries()) {
      const count = ties?.[i];
      const before = this.#kinks.get(`${name}@${site}`)?.ties ?? 0;
      this.#kinks.set(`${name}@${site}`, { name, site, ties: count === undefined ? null : before + count });
    }
  }

  /** Notes in which tensors of parameters two gradients differ. */
  differ({ layers }: Distance): void {
    for (const [path, largest] of layers) this.#layers.set(path, (this.#layers.get(path) ?? 0) + (largest > 0 ? 1 : 0));
  }

  result(): Counted {
    return { layers: Object.fromEntries(this.#layers), kinks: [...this.#kinks.values()] };
  }
}

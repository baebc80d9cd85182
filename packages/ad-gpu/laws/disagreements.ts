// Results that disagree with the reference, counted instead of thrown.
import type { StepAgreement } from "@nonsmooth/ad-testing";

/** What was found of one instruction. */
interface Found {
  compared: number;
  /** Results that were too far. */
  far: number;
  /** What the first of them says. */
  first: string | null;
}

/** More of a message is numbers that nobody reads. */
const longest = 400;

/** Counts by the instruction that was done last; `+` stands for others that were computed together with it. */
export class Disagreements {
  private readonly byName = new Map<string, Found>();
  private readonly inner: StepAgreement;

  constructor(inner: StepAgreement) {
    this.inner = inner;
  }

  /** As the agreement that this was made of, but it never throws. */
  readonly agree: StepAgreement = (what, got, expected, done) => {
    const name = `${done.length > 1 ? "+" : ""}${done.at(-1)?.primitive.name}`;
    const found = this.byName.get(name) ?? { compared: 0, far: 0, first: null };
    this.byName.set(name, found);
    found.compared++;
    try {
      this.inner(what, got, expected, done);
    } catch (error) {
      found.far++;
      const before = done.slice(0, -1).map(({ primitive }) => primitive.name);
      found.first ??= `${error instanceof Error ? error.message : error}; after ${before.join(", ") || "nothing"}`;
    }
  };

  /** Results that were too far. */
  get count(): number {
    return this.found.reduce((sum, [, { far }]) => sum + far, 0);
  }

  /** All instructions, those that disagree first. */
  private get found(): readonly (readonly [string, Found])[] {
    return [...this.byName].toSorted(([a, x], [b, y]) => y.far - x.far || a.localeCompare(b));
  }

  /** The instructions that disagree, each with its first message, and a line for all others. */
  text(): string[] {
    const far = this.found.filter(([, one]) => one.far > 0);
    const compared = this.found.reduce((sum, [, one]) => sum + one.compared, 0);
    return [
      ...far.map(
        ([name, one]) => `  ${name.padEnd(28)} ${one.far} of ${one.compared}: ${one.first?.slice(0, longest)}`,
      ),
      `${compared} results of ${this.byName.size} instructions compared, ${this.count} too far from the reference`,
    ];
  }

  report(): object {
    const instructions = this.found.map(([name, one]) => ({
      name,
      ...one,
      first: one.first?.slice(0, longest) ?? null,
    }));
    return { far: this.count, instructions };
  }
}

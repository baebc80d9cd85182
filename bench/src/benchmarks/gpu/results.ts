// What was found, as lines of JSON that are kept even if the process ends early.
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Where results go. */
export class Results {
  private readonly out: string | null;
  private readonly common: object;

  /** Every line says the date, and the adapter by its name. */
  constructor(out: string | null, adapter: string, now: Date = new Date()) {
    this.out = out;
    this.common = { schema: "nonsmooth.gpuCheck/1", date: now.toISOString(), adapter };
    if (out !== null) mkdirSync(dirname(out), { recursive: true });
  }

  add(what: string, found: object): void {
    if (this.out !== null) appendFileSync(this.out, `${JSON.stringify({ ...this.common, what, ...found })}\n`);
  }
}

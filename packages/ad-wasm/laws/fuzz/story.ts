// What a program does over some runs: results, errors and what is carried, to be compared between machines.
import { AdError, compile, type Executable, type Machine, type ProgramData, type Tensor } from "@nonsmooth/ad-core";
import { expectSameBits } from "@nonsmooth/ad-testing";
import type { Case } from "./programs.ts";

/** Something that prepares programs: a machine, or what stands for one. */
export type Compiles = Pick<Machine, "compile">;

/** What one step of a story gives: named tensors, or an error in words. */
type Outcome = Readonly<Record<string, Tensor>> | string;

function attempt(body: () => Readonly<Record<string, Tensor>>): Outcome {
  try {
    return body();
  } catch (error) {
    if (error instanceof AdError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** A program that is run step by step. */
export class Story {
  private readonly running: Executable;
  private readonly carry: Case["carry"];

  constructor(on: Compiles, { program, carry }: Case) {
    this.running = compile(program as ProgramData, on as Machine, { carry });
    this.carry = carry;
  }

  /** Sets what is carried. */
  begin(args: readonly Tensor[]): void {
    for (const [name, argument] of Object.entries(this.carry)) this.running.write(name, args[argument]);
  }

  /** One run, and what is carried after it. */
  run(args: readonly Tensor[]): Outcome[] {
    const carried = new Set(Object.values(this.carry));
    const others = args.filter((_, i) => !carried.has(i));
    const outcome = attempt(() => this.running.run(others) as Record<string, Tensor>);
    const kept = Object.keys(this.carry).map((name) => [name, this.running.read(name) as Tensor] as const);
    return [outcome, Object.fromEntries(kept)];
  }

  end(): void {
    this.running.dispose();
  }
}

/** Throws where two outcomes differ by a bit or a word; NaN is one number. */
export function expectSame(what: string, found: readonly Outcome[], expected: readonly Outcome[]): void {
  expected.forEach((outcome, i) => {
    const got = found[i] as Outcome;
    if (typeof outcome === "string" || typeof got === "string") {
      if (got !== outcome) throw new Error(`${what}: expected ${printed(outcome)}, got ${printed(got)}`);
      return;
    }
    for (const [name, tensor] of Object.entries(outcome))
      expectSameBits(`${what}, ${name}`, got[name] as Tensor, tensor);
  });
}

const printed = (outcome: Outcome): string => (typeof outcome === "string" ? outcome : "results");

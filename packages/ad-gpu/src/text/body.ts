// Writing the text of a kernel: JavaScript that gpu.js translates, one statement after the other.

/**
 * Statements of a kernel.
 *
 * All variables are numbers: gpu.js keeps what a variable holds as a float, so positions are exact below 2^24. Loops have a
 * literal bound: gpu.js would silently end others after a number of rounds.
 */
export class Body {
  private readonly lines: string[] = [];
  private depth = 1;
  /** How often the statements that are written now are run at most. */
  private times = 1;
  private passed = 0;
  private count = 0;

  /** All statements so far. */
  get text(): string {
    return this.lines.join("\n");
  }

  /** How often one thread comes to the head of a loop at most, of all loops together. */
  get rounds(): number {
    return this.passed;
  }

  line(text: string): void {
    this.lines.push(`${"  ".repeat(this.depth)}${text}`);
  }

  /** Puts a value into a variable of its own, and returns its name. A name or a number is its own. */
  let(expression: string): string {
    return /^\w+$/.test(expression) ? expression : this.variable(expression);
  }

  /** A variable that may be set again. */
  variable(expression: string): string {
    const name = `v${this.count++}`;
    this.line(`let ${name} = ${expression};`);
    return name;
  }

  set(name: string, expression: string): void {
    this.line(`${name} = ${expression};`);
  }

  /** Repeats statements `rounds` times; `inside` is told the name of the round, from 0. */
  repeat(rounds: number, inside: (round: string) => void): void {
    if (rounds <= 0) return;
    const counter = `i${this.count++}`;
    this.line(`for (let ${counter} = 0; ${counter} < ${rounds}; ${counter}++) {`);
    this.passed += this.times * (rounds + 1);
    this.times *= rounds;
    this.indented(() => inside(counter));
    this.times /= rounds;
    this.line("}");
  }

  if(condition: string, then: () => void, otherwise?: () => void): void {
    this.line(`if (${condition}) {`);
    this.indented(then);
    if (otherwise) {
      this.line("} else {");
      this.indented(otherwise);
    }
    this.line("}");
  }

  private indented(write: () => void): void {
    this.depth++;
    write();
    this.depth--;
  }
}

/** A kernel as text, and how often one thread comes to the head of a loop at most. */
export interface KernelText {
  readonly source: string;
  readonly rounds: number;
}

/** A kernel of some number of arguments, each a flat array: it computes the element at `at`. */
export function kernelText(
  count: number,
  build: (body: Body, at: string, args: readonly string[]) => string,
): KernelText {
  const body = new Body();
  const args = Array.from({ length: count }, (_, i) => `a${i}`);
  const at = body.variable("this.thread.x");
  const result = build(body, at, args);
  body.line(`return ${result};`);
  return { source: `function kernel(${args.join(", ")}) {\n${body.text}\n}`, rounds: body.rounds };
}

/** Whether a number can stand in the text of a kernel: shaders have no infinities, no NaN, and no sign of zero. */
export const isPlain = (value: number): boolean =>
  Number.isFinite(value) && !Object.is(value, -0) && Math.abs(value) <= 3.4028234663852886e38;

/** A number as text. */
export function numberText(value: number): string {
  return value < 0 ? `(${value})` : String(value);
}

/** Runs the command in this process, for tests. */
import { runCommand } from "./program.ts";

/** What a run of the command gave. */
export interface Commanded {
  readonly code: number;
  readonly written: string;
  readonly warned: string;
}

/** Runs `nonsmooth` with these arguments and collects what it writes. */
export async function commanded(...args: string[]): Promise<Commanded> {
  const [written, warned]: [string[], string[]] = [[], []];
  const code = await runCommand(args, {
    write: (text) => void written.push(text),
    warn: (text) => void warned.push(text),
    colours: false,
  });
  return { code, written: written.join(""), warned: warned.join("") };
}

// Another system as a process that answers each line with a line of JSON.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What a system says of itself. */
export interface PeerAbout {
  readonly name: string;
  readonly version: string;
  /** How it computes: libraries, backend, host. */
  readonly kernels: string;
  readonly threads: number;
}

/** A system that is not measured, and why, or how to get it. */
export interface Absent {
  readonly name: string;
  readonly why: string;
}

/** That a system ended before it answered. */
export class PeerEnded extends Error {
  readonly peer: string;

  constructor(peer: string, why: string) {
    super(why);
    this.peer = peer;
  }
}

/** How a system is started. */
export interface PeerCommand {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly threads: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A running system. */
export interface Peer {
  readonly about: PeerAbout;
  /** Sends a line, an object as JSON, and waits for the answer. */
  ask<T>(request: string | object): Promise<T>;
  end(): void;
}

/** Starts a system and waits until it says what it is; one that ends instead is absent. */
export async function startPeer(command: PeerCommand): Promise<Peer | Absent> {
  const { name, threads } = command;
  const { child, answer } = launch(command);
  try {
    const { version, kernels } = await answer<PeerAbout>();
    return {
      about: { name, version, kernels, threads },
      ask: (request) => {
        child.stdin.write(`${typeof request === "string" ? request : JSON.stringify(request)}\n`);
        return answer();
      },
      end: () => child.stdin.end(),
    };
  } catch (error) {
    if (error instanceof PeerEnded) return { name, why: error.message };
    throw error;
  }
}

function launch({ name, program, args, environment }: PeerCommand) {
  const child = spawn(program, args, { env: { ...process.env, ...environment } });
  let complaint = "";
  child.stderr.on("data", (data) => {
    complaint = `${complaint}${data}`.slice(-2000);
  });
  child.on("error", ({ message }) => {
    complaint = message;
  });
  // Writing to a process that has ended fails here too; that it gives no answer says so.
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw new PeerEnded(name, `it ended: ${lastLine(complaint) || "without a word"}`);
    return JSON.parse(value) as T;
  };
  return { child, answer };
}

/** What a process that fails says last, but for the version that Node adds. */
const lastLine = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(Node\.js v|at )/.test(line))
    .at(-1) ?? "";

// CppAD and ADOL-C on the same workload, when they are there.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { median } from "../studies/timing.ts";
import type { Outcome } from "./ours.ts";
import type { Repeats } from "./timing.ts";

const sources = join(import.meta.dirname, "..", "..", "peers", "scalar");

/** A system to compare with, and how it is compiled. */
interface Peer {
  readonly name: string;
  readonly file: string;
  readonly flags: readonly string[];
  /** Where its library is, when that is not where the system looks. */
  readonly libraries: readonly string[];
  readonly remedy: string;
}

/** Where peers may be: the folders that the environment names. */
type Environment = Readonly<Record<string, string | undefined>>;

function peersIn(environment: Environment): readonly Peer[] {
  const adolc = environment.ADOLC_DIR;
  const roots = adolc === undefined ? [] : [adolc, join(adolc, "usr")];
  const libraries = roots.flatMap((root) => ["lib", "lib64", "lib/x86_64-linux-gnu"].map((name) => join(root, name)));
  return [
    { name: "plain C++", file: "plain.cpp", flags: [], libraries: [], remedy: "install g++" },
    {
      name: "CppAD",
      file: "cppad.cpp",
      flags: environment.CPPAD_DIR === undefined ? [] : [`-I${environment.CPPAD_DIR}`],
      libraries: [],
      remedy:
        "get its headers from github.com/coin-or/CppAD, and set CPPAD_DIR to the folder that holds cppad/cppad.hpp",
    },
    {
      name: "ADOL-C",
      file: "adolc.cpp",
      flags: [
        ...roots.map((root) => `-I${join(root, "include")}`),
        ...libraries.map((folder) => `-L${folder}`),
        "-ladolc",
      ],
      libraries,
      remedy: "apt install libadolc-dev, or set ADOLC_DIR to the folder that holds include/adolc/adolc.h and lib",
    },
  ];
}

/** What became of a peer: an outcome, or why there is none. */
export type PeerResult = Outcome | { readonly name: string; readonly missing: string };

/** Compiles each peer into `folder` and runs it on the workload in `input`. */
export function measurePeers(folder: string, input: string, operations: number, repeats: Repeats): PeerResult[] {
  return peersIn(process.env).map((peer) => {
    const program = compilePeer(peer, folder);
    if (program === null) return { name: peer.name, missing: `not found: ${peer.remedy}` };
    return runPeer(peer, program, input, operations, repeats);
  });
}

function compilePeer({ file, flags }: Peer, folder: string): string | null {
  const program = join(folder, file.replace(".cpp", ""));
  const extra = (process.env.PEER_FLAGS ?? "").split(" ").filter((flag) => flag !== "");
  const options = ["-O3", "-march=native", "-DNDEBUG", "-w", ...extra];
  const { status } = spawnSync("g++", [...options, join(sources, file), "-o", program, ...flags], { stdio: "ignore" });
  return status === 0 && existsSync(program) ? program : null;
}

function runPeer(peer: Peer, program: string, input: string, operations: number, repeats: Repeats): Outcome {
  const path = [...peer.libraries, process.env.LD_LIBRARY_PATH ?? ""].join(":");
  const args = [input, String(repeats.warmUp + repeats.measured)];
  const options = { encoding: "utf8", env: { ...process.env, LD_LIBRARY_PATH: path }, maxBuffer: 2 ** 28 } as const;
  const lines = execFileSync(program, args, options).trim().split("\n");
  const numbersOf = (line: string): number[] => line.split(" ").slice(1).map(Number);
  const times = lines
    .filter((line) => line.startsWith("times"))
    .map(numbersOf)
    .slice(repeats.warmUp);
  const time = (k: number): number => median(times.map((run) => run[k] as number)) / operations;
  const gradient = Float64Array.from(numbersOf(lines.find((line) => line.startsWith("gradient")) ?? ""));
  return { name: peer.name, times: { record: time(0), reverse: time(1), replay: time(2) }, gradient };
}

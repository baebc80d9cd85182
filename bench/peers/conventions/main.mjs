/**
 * Compares the derivative at every kink with what other systems really return: `npm run peers`.
 *
 * Each system is asked in a process of its own, so that one that is not installed is a line and not a failure. A difference
 * that `conventions` does not mention among `notReproduced` is one, with exit code 1.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { conventions, grad } from "@nonsmooth/ad-core";
import { cases } from "./cases.mjs";

const here = import.meta.dirname;
const pythons = [process.env.NONSMOOTH_PYTHON, "python3", "/usr/bin/python3"].filter(Boolean);
const node = [process.execPath];

/** The systems: how each is asked, and how to get it. */
const systems = [
  {
    name: "pytorch",
    says: "PyTorch",
    hosts: pythons,
    script: "ask_pytorch.py",
    remedy: "install torch for Python, or Debian's python3-torch",
  },
  {
    name: "jax",
    says: "JAX",
    hosts: pythons,
    script: "ask_jax.py",
    remedy: "install jax for Python, and name that Python in NONSMOOTH_PYTHON",
  },
  { name: "tfjs", says: "TensorFlow.js", hosts: node, script: "askTfjs.mjs", remedy: "run npm ci in bench/peers" },
  { name: "jaxjs", says: "jax-js", hosts: node, script: "askJaxjs.mjs", remedy: "run npm ci in bench/peers" },
];

/** What a system answers; null when no host can run its script. */
function answerOf({ hosts, script }) {
  for (const host of hosts) {
    const { status, stdout } = spawnSync(host, [join(here, script)], { encoding: "utf8", maxBuffer: 1 << 24 });
    if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1));
  }
  return null;
}

/** Our derivative under a convention: the entries for all arguments, one after the other. */
function ours({ ours: f, args }, { select }) {
  const gradients = grad(f, { select, wrt: args.map((_, i) => i) })(...args);
  return gradients.flatMap((g) => Array.from(g.data));
}

const near = (a, b) => (a === null ? Number.isNaN(b) : Math.abs(a - b) < 1e-6);
const same = (theirs, mine) => theirs.length === mine.length && theirs.every((value, i) => near(value, mine[i]));

/** What the convention says about an operation that it does not reproduce. */
const excuse = ({ notReproduced }, { id }) => notReproduced.find(({ name }) => name.split(" ")[0] === id.split(".")[0]);

function rowOf(system, version, one, theirs) {
  const convention = conventions[system.name];
  const mine = ours(one, convention);
  const row = { system: system.says, version, function: one.says, point: one.point, peer: null, ours: mine };
  if (theirs === undefined) return { ...row, verdict: "not asked", why: "the system has no such function" };
  if (!Array.isArray(theirs)) return { ...row, verdict: "no answer", why: theirs.error };
  if (same(theirs, mine)) return { ...row, peer: theirs, verdict: "same", why: "" };
  const said = excuse(convention, one);
  return { ...row, peer: theirs, verdict: said ? "said" : "DIFFERS", why: said ? said.why : "" };
}

const short = (value) => (value === null ? "NaN" : String(Math.round(value * 1000) / 1000));
const list = (values) => (values === null ? "-" : values.map(short).join(" "));

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );
}

function asText(rows, absent) {
  const head = ["system", "function", "point", "peer", "ours", "", "why"];
  const lines = table([
    head,
    ...rows.map((row) => [
      `${row.system} ${row.version}`,
      row.function,
      row.point,
      list(row.peer),
      list(row.ours),
      row.verdict,
      row.why,
    ]),
  ]);
  const notes = absent.map(({ says, remedy }) => `${says}: not here; ${remedy}`);
  const count = (verdict) => rows.filter((row) => row.verdict === verdict).length;
  const sums = `${count("same")} the same, ${count("said")} different as \`conventions\` says, ${count("DIFFERS")} different without a word`;
  return [...lines, "", ...notes, sums, ""].join("\n");
}

const answers = systems.map((system) => ({ system, answer: answerOf(system) }));
const absent = answers.flatMap(({ system, answer }) => (answer === null ? [system] : []));
const rows = answers.flatMap(({ system, answer }) =>
  answer === null ? [] : cases.map((one) => rowOf(system, answer.version, one, answer.values[one.id])),
);
const report = process.argv.includes("--json")
  ? `${JSON.stringify({ schema: "nonsmooth.peers/1", rows, absent: absent.map(({ says, remedy }) => ({ system: says, remedy })) })}\n`
  : asText(rows, absent);
process.stdout.write(report);
process.exitCode = rows.some(({ verdict }) => verdict === "DIFFERS") ? 1 : 0;

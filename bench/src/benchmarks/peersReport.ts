// The comparison with other systems, as text, as JSON and as bars.
import { table } from "../cli/table.ts";
import { barChart } from "../plots/bars.ts";
import type { Absent, PeerAbout } from "./peerProcess.ts";
import { distanceOf, figureOf, type Goal, type Row, verdictOf } from "./row.ts";

/** Everything that a run found. */
export interface PeersReport {
  readonly host: { readonly cpu: string; readonly node: string };
  /** Whether 256-bit operations were asked for, and if they are not on, why. */
  readonly wide: { readonly isAsked: boolean; readonly isOn: boolean; readonly reason: string | null };
  readonly rounds: number;
  readonly peers: readonly PeerAbout[];
  readonly absent: readonly Absent[];
  readonly rows: readonly Row[];
}

/** Three digits or more, and no more than two after the point. */
const short = (value: number): string => value.toFixed(value >= 1000 ? 0 : value >= 100 ? 1 : 2);

const goalText = (goal: Goal): string => ("atMost" in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`);

const head = ["work", "beside", "threads", "ours", "peer", "unit", "ratio", "goal", ""];

function cellsOf(row: Row): string[] {
  const { work, threads, ours, theirs, unit, peer, ratio, goal } = row;
  return [
    ...[work, peer ?? "-", `${threads}`, short(ours), theirs === null ? "-" : short(theirs), unit],
    ...[ratio === null ? "-" : short(ratio), goal === null ? "-" : goalText(goal), verdictOf(row) ?? ""],
  ];
}

/** The table, with what was measured before it and what was not after it. */
export function peersText({ host, wide, rounds, peers, absent, rows }: PeersReport): string {
  const wideText = wide.isAsked
    ? `; wide: ${wide.isOn ? "on" : `off, ${wide.reason}; goals of the default build`}`
    : "";
  return [
    `${host.cpu}, Node ${host.node}, rounds: ${rounds}${wideText}`,
    ...peers.map(({ name, version, threads, kernels }) => `${name} ${version}, threads ${threads}: ${kernels}`),
    ...["", ...table([head, ...rows.map(cellsOf)], 2), ""],
    "ratio: ours over the peer's; with a goal >=, how many times as fast",
    ...rows.flatMap(({ work, peer, differs }) => (differs === null ? [] : [`${work}, ${peer}: ${differs}`])),
    ...absent.map(({ name, why }) => `${name}: not measured: ${why}`),
  ].join("\n");
}

/** One object, schema `nonsmooth.peers/2`; rows also say their verdict. */
export const peersJson = ({ rows, ...report }: PeersReport): string =>
  JSON.stringify({
    schema: "nonsmooth.peers/2",
    ...report,
    rows: rows.map((row) => ({ ...row, verdict: verdictOf(row) })),
  });

/** Bars of all rows that have a goal: how far each is from it. */
export function peersChart({ rows }: PeersReport): string {
  const bars = rows.flatMap((row) => {
    const [distance, figure, { work, threads, peer, goal }] = [distanceOf(row), figureOf(row), row];
    if (distance === null || figure === null || goal === null) return [];
    const name = `${work}, ${threads === 1 ? "1 thread" : `${threads} threads`}${peer === null ? "" : `, over ${peer}`}`;
    return [{ name, value: distance, mark: 1, says: `${short(figure)}, goal ${goalText(goal)}` }];
  });
  return barChart({ title: "Figures as shares of their goals: what passes the line misses its goal", bars });
}

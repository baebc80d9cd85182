/** The sweep of cost as a picture, and as a page with the numbers under it. */
import { escaped, type LinePlot, linePlot } from "../plots/lines.ts";
import type { CostStudy } from "../studies/cost.ts";
import type { CostSweep } from "../studies/sweep.ts";

const plotOf = ({ program, sweeps, points }: CostSweep): LinePlot => {
  const curve = (name: string, read: (study: CostStudy) => number | null, isBound = false) => ({
    name,
    isBound,
    points: points.flatMap(({ inputs, study }): [number, number][] => {
      const value = read(study);
      return value === null ? [] : [[inputs, value]];
    }),
  });
  const curves = [
    curve("backward, model", ({ model }) => model.backwardRatio),
    curve("bound of backward", ({ model }) => model.omegaB, true),
    curve("backward, engine", ({ engine }) => engine.backwardRatio),
    curve("backward, time", ({ time }) => time?.backwardRatio ?? null),
    curve("full forward, model", ({ model }) => model.forwardFull.ratio),
    curve("full forward, time", ({ time }) => (time?.forwardFullMs ? time.forwardFullMs / time.evaluateMs : null)),
  ];
  return {
    title: `${program}: cost of the gradient over cost of one evaluation`,
    xLabel: `inputs (${sweeps})`,
    yLabel: "ratio to one evaluation",
    curves: curves.filter((one) => one.points.length > 0),
  };
};

/** The picture. */
export const sweepSvg = (sweep: CostSweep): string => linePlot(plotOf(sweep));

/** A page that needs nothing else: the picture, and the report as it is printed. */
export function sweepHtml(sweep: CostSweep, report: string): string {
  const title = escaped(`nonsmooth cost ${sweep.program}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<style>body { font-family: sans-serif; margin: 2rem; } pre { font-size: 13px; }</style>
</head>
<body>
<h1>${title}</h1>
${sweepSvg(sweep)}<pre>${escaped(report)}</pre>
</body>
</html>
`;
}

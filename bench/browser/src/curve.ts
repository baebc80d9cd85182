// A curve that grows: the loss of each step, and the accuracy after each epoch, as SVG.

const namespace = "http://www.w3.org/2000/svg";
const [width, height] = [720, 320];
const margin = { left: 48, right: 48, top: 12, bottom: 32 } as const;
const [innerWidth, innerHeight] = [width - margin.left - margin.right, height - margin.top - margin.bottom];

/** Attributes of an element. */
type Attributes = Readonly<Record<string, string | number>>;

function element(parent: Element, name: string, attributes: Attributes, text = ""): SVGElement {
  const made = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  parent.append(made);
  return made;
}

/** At most so many points are drawn: longer runs are drawn by the means of neighbours. */
const mostPoints = 600;

/** Means of neighbours, with the step at which each ends. */
function thinned(losses: readonly number[]): [step: number, loss: number][] {
  const together = Math.ceil(losses.length / mostPoints);
  return Array.from({ length: Math.ceil(losses.length / together) }, (_, i) => {
    const part = losses.slice(i * together, (i + 1) * together);
    return [i * together + part.length, part.reduce((sum, loss) => sum + loss, 0) / part.length];
  });
}

/** A curve in an element of the page. */
export class Curve {
  private readonly svg: SVGElement;
  private readonly losses: number[] = [];
  private readonly accuracies: [step: number, accuracy: number][] = [];
  private readonly steps: number;

  /** Empties the element and draws in it, for a run of so many steps. */
  constructor(parent: Element, steps: number) {
    this.steps = steps;
    parent.replaceChildren();
    const label = "loss of each step, and accuracy after each epoch";
    this.svg = element(parent, "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  }

  addLoss(loss: number): void {
    this.losses.push(loss);
    this.draw();
  }

  addAccuracy(step: number, accuracy: number): void {
    this.accuracies.push([step, accuracy]);
    this.draw();
  }

  private draw(): void {
    this.svg.replaceChildren();
    const top = Math.max(...this.losses.slice(0, 1), ...thinned(this.losses).map(([, loss]) => loss)) * 1.05;
    const across = (step: number): number => margin.left + (innerWidth * step) / this.steps;
    const down = (share: number): number => margin.top + innerHeight * (1 - share);
    this.drawAxes(top, down);
    const path = (points: readonly (readonly [number, number])[], most: number): string =>
      points.map(([step, value]) => `${across(step).toFixed(1)},${down(value / most).toFixed(1)}`).join(" ");
    element(this.svg, "polyline", { class: "loss", points: path(thinned(this.losses), top) });
    element(this.svg, "polyline", { class: "accuracy", points: path(this.accuracies, 1) });
    for (const [step, accuracy] of this.accuracies)
      element(this.svg, "circle", { class: "accuracy", cx: across(step), cy: down(accuracy), r: 4 });
  }

  private drawAxes(top: number, down: (share: number) => number): void {
    const [left, right] = [margin.left, width - margin.right];
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      element(this.svg, "line", { class: "grid", x1: left, x2: right, y1: down(share), y2: down(share) });
      const [y, end] = [down(share) + 4, "end"];
      element(this.svg, "text", { class: "loss", x: left - 6, y, "text-anchor": end }, (share * top).toFixed(2));
      element(this.svg, "text", { class: "accuracy", x: right + 6, y }, `${share * 100}%`);
    }
    const y = height - 8;
    element(this.svg, "text", { class: "loss", x: left, y }, "loss");
    element(this.svg, "text", { x: width / 2, y, "text-anchor": "middle" }, `steps, ${this.steps} in all`);
    element(this.svg, "text", { class: "accuracy", x: right, y, "text-anchor": "end" }, "accuracy on other images");
  }
}

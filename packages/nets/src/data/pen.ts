// Drawing strokes on a square of pixels with a round pen.
import type { Point, Stroke } from "./glyphs.ts";

/** Straight pieces for each part of a curve between two of its points. */
const pieces = 6;

/**
 * A stroke as a line with many corners: the curve of Catmull and Rom through its points. Beyond the ends of an open
 * stroke its last point stands again.
 */
export function polyline({ points, isClosed }: Stroke): Point[] {
  const count = points.length;
  const at = (i: number): Point =>
    points[isClosed ? (i + count) % count : Math.max(0, Math.min(count - 1, i))] as Point;
  const parts = isClosed ? count : count - 1;
  const line: Point[] = [];
  for (let part = 0; part < parts; part++) {
    const around = [at(part - 1), at(part), at(part + 1), at(part + 2)] as const;
    for (let i = 0; i < pieces; i++) line.push(between(around, i / pieces));
  }
  return [...line, at(parts)];
}

/** The curve from `b` to `c` at time t: there its speed is half the way between the neighbours. */
function between([a, b, c, d]: readonly [Point, Point, Point, Point], t: number): Point {
  const along = (axis: 0 | 1): number => {
    const [p, q, r, s] = [a[axis], b[axis], c[axis], d[axis]];
    return q + (t / 2) * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
  };
  return [along(0), along(1)];
}

/** A square of pixels on which lines are drawn; it keeps how far each pixel is from the nearest line. */
export class Paper {
  readonly size: number;
  /** Square of the distance, infinite where no pen came near. */
  readonly squares: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.squares = new Float64Array(size * size).fill(Number.POSITIVE_INFINITY);
  }

  /** Notes the distances from the piece from `a` to `b`, for pixels not further than `reach` from its box. */
  draw([ax, ay]: Point, [bx, by]: Point, reach: number): void {
    const first = (low: number): number => Math.max(0, Math.ceil(low - reach));
    const last = (high: number): number => Math.min(this.size - 1, Math.floor(high + reach));
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    for (let y = first(Math.min(ay, by)); y <= last(Math.max(ay, by)); y++) {
      for (let x = first(Math.min(ax, bx)); x <= last(Math.max(ax, bx)); x++) {
        const along = length === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / length;
        const t = Math.max(0, Math.min(1, along));
        const [px, py] = [x - ax - t * dx, y - ay - t * dy];
        const pixel = y * this.size + x;
        this.squares[pixel] = Math.min(this.squares[pixel] as number, px * px + py * py);
      }
    }
  }

  /** How much of a pixel a pen of this radius covers, from 0 to 1: it falls over one pixel at the border of the pen. */
  coverage(pixel: number, radius: number): number {
    return Math.max(0, Math.min(1, radius + 0.5 - Math.sqrt(this.squares[pixel] as number)));
  }
}

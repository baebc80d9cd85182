// A seeded way to write: where each point of the unit square comes to lie on the paper, and with which pen.
import type { Point } from "./glyphs.ts";

/** One hand: its placing of the unit square, its pen and its ink. */
export interface Hand {
  /** From the unit square to pixels. */
  readonly place: (point: Point) => Point;
  /** Radius of the pen, in pixels. */
  readonly radius: number;
  /** Share of the ink that may be missing. */
  readonly fading: number;
}

/** Side of the grid of random displacements, and how many numbers they take. */
const grid = 3;

/** How many uniform numbers a hand is made of. */
export const drawsOfHand: number = 8 + 2 * grid * grid;

/** Half the height of a digit on paper of 28 pixels. */
const halfHeight = 10;

/**
 * Makes a hand from uniform numbers in [0, 1): up to 2 pixels of shift, about 14 degrees of rotation, a quarter of
 * shear, widths of 65 to 105 % and heights of 85 to 105 %, pens of 1.6 to 3.2 pixels, displacements up to 1.4 pixels.
 */
export function handFrom(u: ArrayLike<number>, size: number): Hand {
  const within = (i: number, low: number, high: number): number => low + (high - low) * (u[i] as number);
  const [shiftX, shiftY, shear] = [within(0, -2, 2), within(1, -2, 2), within(2, -0.25, 0.25)];
  const [width, height] = [within(3, 0.65, 1.05), within(4, 0.85, 1.05)];
  // With the tangent t of half the angle, cosine and sine are fractions: no transcendental function is needed.
  const t = within(5, -0.125, 0.125);
  const [cosine, sine] = [(1 - t * t) / (1 + t * t), (2 * t) / (1 + t * t)];
  const bend = displacements((i) => within(8 + i, -1.4, 1.4));
  const centre = (size - 1) / 2;
  const place = (point: Point): Point => {
    const [bendX, bendY] = bend(point);
    const y = 2 * halfHeight * height * (point[1] - 0.5);
    const x = 2 * halfHeight * width * (point[0] - 0.5) - shear * y;
    return [centre + shiftX + cosine * x - sine * y + bendX, centre + shiftY + sine * x + cosine * y + bendY];
  };
  return { place, radius: within(6, 0.8, 1.6), fading: within(7, 0, 0.4) };
}

/** A smooth field: random vectors on a grid over the unit square, linear in x and in y between them. */
function displacements(draw: (i: number) => number): (point: Point) => Point {
  const cell = (z: number): number => Math.max(0, Math.min(grid - 2, Math.floor(z * (grid - 1))));
  return ([x, y]) => {
    const [column, row] = [cell(x), cell(y)];
    const [s, t] = [x * (grid - 1) - column, y * (grid - 1) - row];
    const along = (axis: 0 | 1): number => {
      const at = (r: number, c: number): number => draw(2 * (r * grid + c) + axis);
      const [above, below] = [
        (1 - s) * at(row, column) + s * at(row, column + 1),
        (1 - s) * at(row + 1, column) + s * at(row + 1, column + 1),
      ];
      return (1 - t) * above + t * below;
    };
    return [along(0), along(1)];
  };
}

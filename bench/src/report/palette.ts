/** Colours, symbols and dashes that can be told apart, also by those who see fewer colours. */

/** Of Okabe and Ito, without yellow, which is too light for lines on white. */
const colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];
const symbols = ["circle", "square", "triangle", "diamond", "cross", "star", "wye"] as const;
const dashes = ["none", "7 3", "2 3", "9 3 2 3", "5 2", "12 4", "1 2"];

/** For what stands out: not a number. */
export const alarm = "#B3260B";
/** For what is exactly 0. */
export const neutral = "#767676";
export const ink = "#1f2328";
export const faint = "#d9dde2";

/** How the series with this number looks: seven colours; those after them have another symbol and dash with each. */
export const colourOf = (index: number): string => at(colours, index);
export const symbolOf = (index: number): (typeof symbols)[number] => at(symbols, index + Math.floor(index / 7));
export const dashOf = (index: number): string => at(dashes, index + Math.floor(index / 7));

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

// A short name for a program.
import { programToJson } from "./json.ts";
import type { ProgramData } from "./program.ts";

/** Mixes the characters of a text into 32 bits, beginning from a seed. */
function mix(text: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x9e3779b1);
    h ^= h >>> 15;
  }
  h = Math.imul(h ^ (h >>> 16), 0xb504f333);
  return (h ^ (h >>> 13)) >>> 0;
}

/**
 * A name of 16 hexadecimal digits that depends on everything in a program: types, instructions, settings, sites and the
 * bits of constants. Equal programs have equal names, on every host.
 *
 * It tells programs apart; it does not protect against forgery.
 *
 * @param program - any program
 * @returns 16 digits
 * @example
 * hashOf(trace((x) => relu(x), [tensor(1)])) === hashOf(trace((x) => relu(x), [tensor(2)])) // true
 */
export function hashOf(program: ProgramData): string {
  const text = JSON.stringify(programToJson(program));
  return [0x243f6a88, 0x85a308d3].map((seed) => mix(text, seed).toString(16).padStart(8, "0")).join("");
}

// Plain text as tokens: bytes or characters.
import { AdError } from "@nonsmooth/ad-core";
import { checkNotPacked, fileError } from "./fileErrors.ts";
import { bytesOfText, codePointsOf, strictCodePoints } from "./utf8.ts";

/** What a token stands for. It is plain data, to be kept beside a model. */
export type Vocabulary =
  | { readonly level: "bytes"; readonly size: 256 }
  /** Token `i` is character `i` of `characters`, which are sorted by code point. */
  | { readonly level: "characters"; readonly size: number; readonly characters: string };

/** A text in tokens. */
export interface TokenText {
  /** From 0 to `vocabulary.size - 1`. */
  readonly tokens: Int32Array;
  readonly vocabulary: Vocabulary;
}

/**
 * A text in tokens, from the bytes of its file.
 *
 * At the level of characters the vocabulary is made of those that occur, sorted; characters are code points, so that an
 * emoji is one token. Nothing is changed: line ends and a mark at the start are characters like others.
 *
 * @param bytes - the whole file, not compressed; UTF-8 for characters
 * @param level - `characters` or `bytes`
 * @returns one token for each character or byte, and what tokens mean
 * @throws AdError "data" for an empty text; "parse" when it is compressed, or no UTF-8 and characters are asked for
 * @example
 * const { tokens, vocabulary } = textFromBytes(Uint8Array.of(98, 97, 98, 98));
 * tokens // [1, 0, 1, 1]
 * vocabulary // { level: "characters", size: 2, characters: "ab" }
 */
export function textFromBytes(bytes: Uint8Array, level: Vocabulary["level"] = "characters"): TokenText {
  const where = "textFromBytes";
  checkNotPacked(where, "text", bytes);
  if (bytes.length === 0)
    throw fileError("data", where, "the text is empty", ["at least one character", "none"], "check which file it is");
  if (level === "bytes") return { tokens: Int32Array.from(bytes), vocabulary: { level, size: 256 } };
  const points = strictCodePoints(where, bytes);
  const known = Int32Array.from(new Set(points)).sort();
  const characters = Array.from(known, (point) => String.fromCodePoint(point)).join("");
  const tokenOf = new Map(Array.from(known, (point, token) => [point, token]));
  const tokens = points.map((point) => tokenOf.get(point) as number);
  return { tokens, vocabulary: { level, size: known.length, characters } };
}

/**
 * The tokens of a text, such as the beginning that a model continues.
 *
 * @param text - any text
 * @param vocabulary - what tokens mean
 * @returns one token for each character, or each byte of its UTF-8
 * @throws AdError "data" when a character is not in the vocabulary
 * @example
 * encodeText("abba", { level: "characters", size: 2, characters: "ab" }) // [0, 1, 1, 0]
 * encodeText("é", { level: "bytes", size: 256 }) // [195, 169]
 */
export function encodeText(text: string, vocabulary: Vocabulary): Int32Array {
  if (vocabulary.level === "bytes") return Int32Array.from(bytesOfText(text));
  const tokenOf = new Map(Array.from(vocabulary.characters, (character, token) => [character, token]));
  return Int32Array.from(text, (character, position) => {
    const token = tokenOf.get(character);
    if (token !== undefined) return token;
    const got = `${JSON.stringify(character)} at position ${position}`;
    const expected = `one of ${vocabulary.size} characters`;
    throw fileError("data", "encodeText", "a character is not in the vocabulary", [expected, got], "leave it out");
  });
}

/**
 * The text of tokens, such as those that a model wrote. Bytes that are no UTF-8 are shown as U+FFFD.
 *
 * @param tokens - whole numbers below the size of the vocabulary
 * @param vocabulary - what tokens mean
 * @returns the text
 * @throws AdError "data" for a number that is no token
 * @example
 * decodeText([0, 1, 1, 0], { level: "characters", size: 2, characters: "ab" }) // "abba"
 */
export function decodeText(tokens: ArrayLike<number>, vocabulary: Vocabulary): string {
  const all = Array.from(tokens);
  const odd = all.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabulary.size);
  if (odd !== undefined) {
    const expected = `whole numbers from 0 to ${vocabulary.size - 1}`;
    throw fileError("data", "decodeText", "no such token", [expected, `${odd}`], "take the model's own vocabulary");
  }
  if (vocabulary.level === "characters") {
    const characters = Array.from(vocabulary.characters);
    return all.map((token) => characters[token]).join("");
  }
  return Array.from(
    codePointsOf(Uint8Array.from(all), () => {}),
    (point) => String.fromCodePoint(point),
  ).join("");
}

/** What {@link splitText} returns. */
export interface SplitText {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * A text in two parts: the beginning to train with, the rest to validate. Both are views: nothing is copied.
 *
 * @param tokens - of the whole text
 * @param share - of the beginning, between 0 and 1; 0.9 when absent
 * @returns `train`, the first tokens, their number rounded down, and `validation`, the others
 * @throws AdError "domain" when `share` is not between 0 and 1
 * @example
 * splitText(Int32Array.of(1, 2, 3, 4), 0.75).validation // [4]
 */
export function splitText(tokens: Int32Array, share = 0.9): SplitText {
  if (share > 0 && share < 1) {
    const end = Math.floor(tokens.length * share);
    return { train: tokens.subarray(0, end), validation: tokens.subarray(end) };
  }
  const parts = { problem: "share out of range", expected: "between 0 and 1", got: String(share) };
  throw new AdError({ code: "domain", where: "splitText", ...parts, remedy: "choose another, such as 0.9" });
}

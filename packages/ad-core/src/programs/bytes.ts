// Numbers as text, bit for bit.
import { allocate, type Data, type DType } from "../dtypes/dtype.ts";

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes in base 64, padded with `=` to whole groups of four. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i] as number, bytes[i + 1] ?? 0, bytes[i + 2] ?? 0];
    const group = (a << 16) | (b << 8) | c;
    const left = bytes.length - i;
    const third = left > 1 ? digits.charAt((group >> 6) & 63) : "=";
    const fourth = left > 2 ? digits.charAt(group & 63) : "=";
    parts.push(digits.charAt(group >> 18), digits.charAt((group >> 12) & 63), third, fourth);
  }
  return parts.join("");
}

const digitOf = new Map(Array.from(digits, (digit, i): [number, number] => [digit.charCodeAt(0), i]));

/** Undoes {@link toBase64}; null for text that is not of that form. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let [group, at] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const digit = i < text.length - padding ? digitOf.get(text.charCodeAt(i)) : 0;
    if (digit === undefined) return null;
    group = (group << 6) | digit;
    if (i % 4 !== 3) continue;
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = (group >> shift) & 255;
    group = 0;
  }
  return bytes;
}

const bytesOfData = (data: Data): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Whether all elements have the same bits. */
function isUniform(data: Data): boolean {
  const first = data[0] as number;
  if (data.length < 2 || Number.isNaN(first)) return false;
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], first)) return false;
  return true;
}

/** The bits of a tensor's numbers, little-endian; one number when all are the same. */
export const encodeData = (data: Data): string => toBase64(bytesOfData(isUniform(data) ? data.subarray(0, 1) : data));

/** Undoes {@link encodeData}; null when the text does not hold that many numbers. */
export function decodeData(text: string, dtype: DType, size: number): Data | null {
  const bytes = fromBase64(text);
  const data = allocate(dtype, size);
  const one = data.BYTES_PER_ELEMENT;
  if (bytes?.length === one && size > 1) {
    const single = allocate(dtype, 1);
    bytesOfData(single).set(bytes);
    return data.fill(single[0] as number);
  }
  if (bytes?.length !== one * size) return null;
  bytesOfData(data).set(bytes);
  return data;
}

// Bytes that grow, and the number formats of WebAssembly.

/** Room for one number whose bytes are wanted. */
const number = new DataView(new ArrayBuffer(8));

/** Bytes that are written one after the other. */
export class Bytes {
  private store = new Uint8Array(256);
  length = 0;

  /** Adds bytes. */
  push(...values: readonly number[]): void {
    this.reserve(values.length);
    for (let i = 0; i < values.length; i++) this.store[this.length++] = values[i] as number;
  }

  /** Adds the bytes of another. */
  append(other: Uint8Array): void {
    this.reserve(other.length);
    this.store.set(other, this.length);
    this.length += other.length;
  }

  /** A whole number from 0 on (LEB128). */
  unsigned(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.push((rest % 128) + 128);
    this.push(rest);
  }

  /** A whole number of at most 64 bits (signed LEB128). */
  signed(value: bigint | number): void {
    if (typeof value === "number" && value >= 0 && value < 64) {
      this.push(value);
      return;
    }
    let rest = BigInt(value);
    for (;;) {
      const low = Number(rest & 127n);
      rest >>= 7n;
      const isLast = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
      this.push(isLast ? low : low + 128);
      if (isLast) return;
    }
  }

  f32(value: number): void {
    number.setFloat32(0, value, true);
    for (let i = 0; i < 4; i++) this.push(number.getUint8(i));
  }

  f64(value: number): void {
    number.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.push(number.getUint8(i));
  }

  /** A text behind its length. */
  text(letters: string): void {
    this.sized(new TextEncoder().encode(letters));
  }

  /** Bytes behind their length. */
  sized(bytes: Uint8Array): void {
    this.unsigned(bytes.length);
    this.append(bytes);
  }

  /** What was written. */
  get bytes(): Uint8Array {
    return this.store.subarray(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.store.length) return;
    const larger = new Uint8Array(Math.max(2 * this.store.length, this.length + more));
    larger.set(this.bytes);
    this.store = larger;
  }
}

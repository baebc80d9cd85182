/** Records of TensorFlow: bytes behind their length, each with a checksum. */

/** CRC-32C of every byte: the polynomial of Castagnoli, bits reversed. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1;
  return sum;
});

/** The checksum CRC-32C. */
export const crc32c = (bytes: Uint8Array): number =>
  ~bytes.reduce((sum, byte) => (table[(sum ^ byte) & 255] as number) ^ (sum >>> 8), -1) >>> 0;

/** The checksum as records hold it: turned by 15 bits and shifted, for bytes that hold checksums themselves. */
function masked(bytes: Uint8Array): Uint8Array {
  const sum = crc32c(bytes);
  const mask = Buffer.alloc(4);
  mask.writeUInt32LE((((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0);
  return mask;
}

/** One record: length, its checksum, the bytes, their checksum. */
export function recordOf(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([length, masked(length), bytes, masked(bytes)]);
}

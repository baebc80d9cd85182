// Room for cotangents and tangents, kept between runs: fresh memory costs more than the arithmetic done in it.

/** The largest array that is kept, in numbers: 64 MiB. */
const longestKept = 8_388_608;

let spare: Float64Array = new Float64Array(0);

/** Runs `body` with an array of zeros, which it must not keep. */
export function withZeros<T>(length: number, body: (zeros: Float64Array) => T): T {
  const found = spare;
  spare = new Float64Array(0);
  const room = found.length >= length ? found.fill(0, 0, length) : new Float64Array(length);
  try {
    return body(room.subarray(0, length));
  } finally {
    if (room.length <= longestKept) spare = room;
  }
}

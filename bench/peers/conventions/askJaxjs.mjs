/** What jax-js returns, as one line of JSON. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// The library looks for a GPU in a browser's navigator, which Node 20 does not have.
globalThis.navigator ??= {};
const { grad, init, lax, nn, numpy: np } = await import("@jax-js/jax");
await init();

// Arrays are counted by reference: `ref` keeps one for a second use.
const one = async (f, x) => (await grad((v) => np.sum(f(v)))(np.array(x)).data()).slice();
const two = async (f, x, y) => {
  const first = await grad((v) => np.sum(f(v, np.array(y))))(np.array(x)).data();
  const second = await grad((v) => np.sum(f(np.array(x), v)))(np.array(y)).data();
  return [first[0], second[0]];
};

const asked = {
  relu: () => one((x) => nn.relu(x), 0),
  "relu6.low": () => one((x) => nn.relu6(x), 0),
  "relu6.high": () => one((x) => nn.relu6(x), 6),
  leakyRelu: () => one((x) => nn.leakyRelu(x, 0.1), 0),
  "hardtanh.low": () => one((x) => nn.hardTanh(x), -1),
  "hardtanh.high": () => one((x) => nn.hardTanh(x), 1),
  "clamp.low": () => one((x) => np.clip(x, -1, 1), -1),
  "clamp.high": () => one((x) => np.clip(x, -1, 1), 1),
  abs: () => one((x) => np.abs(x), 0),
  maximum: () => two((x, y) => np.maximum(x, y), 1, 1),
  minimum: () => two((x, y) => np.minimum(x, y), 1, 1),
  max: () => one((x) => np.max(x), [1, 1, 0]),
  "max.axis": () => one((x) => np.max(x, 0), [1, 1, 0]),
  min: () => one((x) => np.min(x), [1, 1, 2]),
  maxPool2d: () =>
    one(
      (x) => lax.reduceWindow(x, np.max, [2, 2], [2, 2]),
      [
        [1, 1],
        [1, 1],
      ],
    ),
  norm1: () => one((x) => np.linalg.norm(x, { ord: 1 }), [0, 2]),
  norm2: () => one((x) => np.linalg.norm(x), [0, 0]),
  sort: () => one((x) => np.sort(x).slice(0), [1, 1]),
  softplus: () => one((x) => nn.softplus(x), 0),
};

const values = {};
for (const [id, ask] of Object.entries(asked)) {
  try {
    values[id] = Array.from(await ask());
  } catch (error) {
    values[id] = { error: String(error.message ?? error).split("\n")[0] };
  }
}
const entry = createRequire(import.meta.url).resolve("@jax-js/jax");
const { version } = JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8"));
process.stdout.write(`${JSON.stringify({ version, values })}\n`);

/** What TensorFlow.js returns, as one line of JSON. */
import * as tf from "@tensorflow/tfjs";

await tf.setBackend("cpu");
await tf.ready();

const one = (f, x) =>
  Array.from(
    tf
      .grad((v) => tf.sum(f(v)))(x)
      .dataSync(),
  );
const two = (f, x, y) =>
  tf
    .grads((v, w) => tf.sum(f(v, w)))([x, y])
    .map((g) => g.dataSync()[0]);
const scalar = tf.scalar;

const asked = {
  relu: () => one((x) => tf.relu(x), scalar(0)),
  "relu6.low": () => one((x) => tf.relu6(x), scalar(0)),
  "relu6.high": () => one((x) => tf.relu6(x), scalar(6)),
  leakyRelu: () => one((x) => tf.leakyRelu(x, 0.1), scalar(0)),
  "clamp.low": () => one((x) => tf.clipByValue(x, -1, 1), scalar(-1)),
  "clamp.high": () => one((x) => tf.clipByValue(x, -1, 1), scalar(1)),
  abs: () => one((x) => tf.abs(x), scalar(0)),
  maximum: () => two((x, y) => tf.maximum(x, y), scalar(1), scalar(1)),
  minimum: () => two((x, y) => tf.minimum(x, y), scalar(1), scalar(1)),
  max: () => one((x) => tf.max(x), tf.tensor1d([1, 1, 0])),
  "max.axis": () => one((x) => tf.max(x, 0), tf.tensor1d([1, 1, 0])),
  min: () => one((x) => tf.min(x), tf.tensor1d([1, 1, 2])),
  maxPool2d: () => one((x) => tf.maxPool(x, 2, 2, "valid"), tf.ones([1, 2, 2, 1])),
  norm1: () => one((x) => tf.norm(x, 1), tf.tensor1d([0, 2])),
  norm2: () => one((x) => tf.norm(x, 2), tf.tensor1d([0, 0])),
  sort: () => one((x) => tf.neg(tf.topk(tf.neg(x), 1).values), tf.tensor1d([1, 1])),
  softplus: () => one((x) => tf.softplus(x), scalar(0)),
};

const values = {};
for (const [id, ask] of Object.entries(asked)) {
  try {
    values[id] = ask();
  } catch (error) {
    values[id] = { error: error.message.split("\n")[0] };
  }
}
process.stdout.write(`${JSON.stringify({ version: tf.version.tfjs, values })}\n`);

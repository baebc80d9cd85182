/**
 * TensorFlow.js: products of matrices on its WebAssembly backend (XNNPACK, one thread in Node), and steps of LeNet-5 on
 * its plain CPU backend, as the other one has no gradient of a convolution.
 *
 * `product { numbers, size, leastMs, leastSteps }` answers with the milliseconds of single products and the sum of the
 * entries; `begin { params, x, labels, steps }` with the losses of the first steps, from those weights; `times { leastMs,
 * leastSteps }` with the milliseconds of single steps after them.
 */
import * as tf from "@tensorflow/tfjs";
import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import { answerRequests, timed, versionOf } from "./answers.mjs";

// What it says of browsers and of other packages does not belong into the answers.
tf.env().set("PROD", true);
setThreadsCount(1);
if (!(await tf.setBackend("wasm"))) throw new Error("TensorFlow.js: the WebAssembly backend does not start");
const hasSimd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");

const matrices = new Map();

async function product({ numbers, size, ...least }) {
  await tf.setBackend("wasm");
  if (numbers) matrices.set(size, tf.tensor(new Float32Array(numbers), [size, size], "float32"));
  const x = matrices.get(size);
  const times = await timed(() => tf.dispose(tf.matMul(x, x)), least);
  return { times, total: tf.tidy(() => tf.sum(tf.matMul(x, x)).dataSync()[0]) };
}

const convolved = (x, { weight, bias }) => tf.add(tf.conv2d(x, weight, 1, "valid"), bias);
const dense = (x, { weight, bias }) => tf.add(tf.matMul(x, weight), bias);
const pooled = (x) => tf.maxPool(x, 2, 2, "valid");

let state = null;

function lossOf({ params, x, labels }) {
  const first = pooled(tf.relu(convolved(x, params.conv1)));
  const second = pooled(tf.relu(convolved(first, params.conv2)));
  // Channels come last here, and first in the weights that it is given.
  const flat = tf.reshape(tf.transpose(second, [0, 3, 1, 2]), [labels.shape[0], 256]);
  const hidden = tf.relu(dense(tf.relu(dense(flat, params.linear1)), params.linear2));
  return tf.losses.softmaxCrossEntropy(labels, dense(hidden, params.linear3));
}

function step() {
  const loss = state.optimizer.minimize(() => lossOf(state), true);
  const [value] = loss.dataSync();
  loss.dispose();
  return value;
}

const arrayOf = ({ shape, data }) => tf.tensor(new Float32Array(data), shape, "float32");

async function begin({ params, x, labels, steps }) {
  await tf.setBackend("cpu");
  const layers = Object.entries(params).map(([layer, { weight, bias }]) => {
    const array = arrayOf(weight);
    const moved = array.rank === 4 ? tf.transpose(array, [2, 3, 1, 0]) : array;
    return [layer, { weight: tf.variable(moved), bias: tf.variable(arrayOf(bias)) }];
  });
  state = {
    params: Object.fromEntries(layers),
    x: tf.transpose(arrayOf(x), [0, 2, 3, 1]),
    labels: tf.oneHot(tf.tensor1d(labels, "int32"), 10),
    optimizer: tf.train.momentum(0.01, 0.9),
  };
  return Array.from({ length: steps }, step);
}

async function times(request) {
  await tf.setBackend("cpu");
  return timed(step, request);
}

const about = {
  version: versionOf("@tensorflow/tfjs"),
  kernels: `wasm ${hasSimd ? "with" : "without"} SIMD and plain cpu, Node ${process.versions.node}`,
};
await answerRequests(about, { product, begin, times });

/**
 * Steps of LeNet-5 in jax-js, compiled, on its WebAssembly backend: one thread, as Node has no global `Worker`.
 *
 * `begin { params, x, labels, steps }` answers with the losses of the first steps, from those weights; `times { leastMs,
 * leastSteps }` with the milliseconds of single steps after them.
 */
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { answerRequests, timed, versionOf } from "./answers.mjs";

const devices = await init();
if (devices.includes("wasm")) defaultDevice("wasm");
const [rate, momentum] = [0.01, 0.9];

const convolved = (x, { weight, bias }) => lax.conv(x, weight, [1, 1], "VALID").add(bias.reshape([1, -1, 1, 1]));
const pooled = (x) => lax.reduceWindow(x, np.max, [2, 2], [2, 2]);
const dense = (x, { weight, bias }) => np.matmul(x, weight).add(bias);

function lossOf(params, x, labels) {
  const first = pooled(nn.relu(convolved(x, params.conv1)));
  const second = pooled(nn.relu(convolved(first, params.conv2)));
  const flat = second.reshape([labels.shape[0], 256]);
  const hidden = nn.relu(dense(nn.relu(dense(flat, params.linear1)), params.linear2));
  const scores = dense(hidden, params.linear3);
  return np.mean(np.sum(nn.logSoftmax(scores).mul(labels), 1)).mul(-1);
}

// Arrays are counted by reference: `ref` keeps one for a second use.
const update = jit((params, momenta, x, labels) => {
  const [loss, gradient] = valueAndGrad(lossOf)(tree.ref(params), x, labels);
  const next = tree.map((m, g) => m.mul(momentum).add(g), momenta, gradient);
  const moved = tree.map((p, m) => p.sub(m.mul(rate)), params, tree.ref(next));
  return [loss, moved, next];
});

const arrayOf = ({ shape, data }) => np.array(new Float32Array(data)).reshape(shape);

let state = null;

async function step() {
  const [loss, params, momenta] = update(state.params, state.momenta, state.x.ref, state.labels.ref);
  Object.assign(state, { params, momenta });
  await blockUntilReady(params);
  return (await loss.data())[0];
}

async function begin({ params, x, labels, steps }) {
  const leaves = Object.entries(params).map(([layer, { weight, bias }]) => [
    layer,
    { weight: arrayOf(weight), bias: arrayOf(bias) },
  ]);
  const begun = Object.fromEntries(leaves);
  state = {
    params: begun,
    momenta: tree.map((leaf) => np.zeros(leaf.shape), tree.ref(begun)),
    x: arrayOf(x),
    labels: nn.oneHot(np.array(new Int32Array(labels), { dtype: np.int32 }), 10),
  };
  const losses = [];
  for (let i = 0; i < steps; i++) losses.push(await step());
  return losses;
}

const about = { version: versionOf("@jax-js/jax"), kernels: `${defaultDevice()}, Node ${process.versions.node}` };
await answerRequests(about, { begin, times: (request) => timed(step, request) });

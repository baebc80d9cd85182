"""What PyTorch computes for small models of @nonsmooth/nets, with weights made up from their names.

Run with Debian's python3-torch, from this folder: `/usr/bin/python3 golden.py > ../src/models/golden.json`, and let
biome format the file. `golden.test.ts` beside that file makes up the same weights and compares.
"""
import json
import math
import platform

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)  # sums in one order, whatever the machine


def numbers(name, shape, bound):
    """Numbers within `bound` of 0, by whole numbers that a double holds exactly."""
    seed = sum((k + 1) * ord(c) for k, c in enumerate(name)) % 1009
    steps = [(i * 7919 + seed * 104729) % 2003 - 1001 for i in range(math.prod(shape))]
    return torch.tensor([step / 1001 * bound for step in steps]).reshape(shape)


class Net:
    """Variables by path, made up when they are first asked for."""

    def __init__(self, dtype, width=1, batch_norm=False):
        self.params, self.state = {}, {}
        self.dtype, self.width, self.batch_norm = dtype, width, batch_norm

    def variable(self, path, shape):
        if path not in self.params:
            fan = math.prod(shape[1:]) if len(shape) == 4 else shape[0]
            bound = 0.5 if len(shape) == 1 else math.sqrt(6 / fan)
            made = numbers(path, shape, bound) + (1 if path.endswith("/scale") else 0)
            self.params[path] = made.to(self.dtype).requires_grad_()
        return self.params[path]

    def linear(self, path, x, outputs, bias=True):
        y = x @ self.variable(path + "/weight", [x.shape[-1], outputs])
        return y + self.variable(path + "/bias", [outputs]) if bias else y

    def conv(self, path, x, channels, window, stride=1, padding=0, bias=True):
        weight = self.variable(path + "/weight", [channels, x.shape[1], window, window])
        return F.conv2d(x, weight, self.variable(path + "/bias", [channels]) if bias else None, stride, padding)

    def norm(self, path, x):
        """Batch norm, in a net that has it."""
        if not self.batch_norm:
            return x
        channels = x.shape[1]
        mean = self.state.setdefault(path + "/mean", torch.zeros(channels, dtype=self.dtype))
        variance = self.state.setdefault(path + "/variance", torch.ones(channels, dtype=self.dtype))
        scale, shift = (self.variable(path + name, [channels]) for name in ("/scale", "/shift"))
        return F.batch_norm(x, mean, variance, scale, shift, training=True)

    def layer_norm(self, path, x):
        scale, shift = (self.variable(path + name, [x.shape[-1]]) for name in ("/scale", "/shift"))
        return F.layer_norm(x, [x.shape[-1]], scale, shift)


def le_net(net, x):
    for i, channels in ((1, 6), (2, 16)):
        x = F.max_pool2d(F.relu(net.conv(f"conv{i}", x, channels, 5)), 2)
        x = net.norm(f"norm{i}", x)
    x = x.flatten(1)
    for i, size in ((1, 120), (2, 84)):
        x = net.norm(f"norm{i + 2}", F.relu(net.linear(f"linear{i}", x, size)))
    return net.linear("linear3", x, 10)


def vgg11(net, x):
    i = 0
    for convolutions, channels in zip((1, 1, 2, 2, 2), (1, 2, 4, 8, 8)):
        for _ in range(convolutions):
            i += 1
            x = F.relu(net.norm(f"norm{i}", net.conv(f"conv{i}", x, net.width * channels, 3, padding=1)))
        x = F.max_pool2d(x, 2)
    return net.linear("linear", x.flatten(1), 10)


def res_net18(net, x):
    x = F.max_pool2d(F.relu(net.norm("norm1", net.conv("conv1", x, net.width, 3, padding=1, bias=False))), 2)
    for i in range(4):
        channels = net.width * 2**i
        for j in range(2):
            at = f"stage{i + 1}/block{j + 1}/sum"
            stride = 2 if i > 0 and j == 0 else 1
            y = F.relu(net.norm(at + "/norm1", net.conv(at + "/conv1", x, channels, 3, stride, 1, bias=False)))
            y = net.norm(at + "/norm2", net.conv(at + "/conv2", y, channels, 3, 1, 1, bias=False))
            if stride == 2:
                x = net.conv(at + "/shortcut/conv1", x, channels, 1, 2, bias=False)
                x = net.norm(at + "/shortcut/norm1", x)
            x = F.relu(x + y)
    return net.linear("linear", x.mean((2, 3)), 10)


def gpt(net, tokens, vocabulary=11, width=8, depth=2, heads=2, context=6):
    time = tokens.shape[1]
    x = F.embedding(tokens, net.variable("tokens/weight", [vocabulary, width]))
    x = x + net.variable("positions/weight", [context, width])[:time]
    later = torch.triu(torch.ones(time, time, dtype=torch.bool), 1)
    for i in range(1, depth + 1):
        at = f"block{i}/attention"
        y = net.linear(at + "/attend/input", net.layer_norm(at + "/norm", x), 3 * width)
        q, k, v = (part.unflatten(2, (heads, -1)).transpose(1, 2) for part in y.split(width, 2))
        shares = ((q @ k.transpose(2, 3)) / math.sqrt(width // heads)).masked_fill(later, -math.inf).softmax(-1)
        x = x + net.linear(at + "/attend/output", (shares @ v).transpose(1, 2).flatten(2), width)
        at = f"block{i}/mlp"
        y = F.gelu(net.linear(at + "/expand", net.layer_norm(at + "/norm", x), 4 * width))
        x = x + net.linear(at + "/contract", y, width)
    return net.linear("head", net.layer_norm("norm", x), vocabulary, bias=False)


def probe(v):
    """Two sums in which each number has a weight of its own, and the Euclidean norm."""
    v = v.detach().double().flatten()
    places = torch.arange(v.numel())
    return [(v @ places.cos()).item(), (v @ places.sin()).item(), v.norm().item()]


def rounded(tree, digits):
    if isinstance(tree, dict):
        return {name: rounded(part, digits) for name, part in sorted(tree.items())}
    return [rounded(v, digits) for v in tree] if isinstance(tree, list) else float(f"{tree:.{digits}g}")


def run(f, x, dtype, digits, **options):
    net = Net(dtype, **options)
    scores = f(net, x.to(dtype) if x.is_floating_point() else x).flatten(0, -2)
    labels = torch.arange(scores.shape[0]) * 3 % scores.shape[1]
    loss = F.cross_entropy(scores, labels)
    loss.backward()
    gradients = {path: probe(v.grad) for path, v in net.params.items()}
    state = {path: probe(v) for path, v in net.state.items()}
    found = {"scores": scores.flatten()[:20].tolist(), "loss": loss.item(), "gradients": gradients, "state": state}
    return rounded(found, digits)


def in_both(f, x, **options):
    return {"float64": run(f, x, torch.float64, 13, **options), "float32": run(f, x, torch.float32, 9, **options)}


grey = numbers("x", [8, 1, 28, 28], 1)
coloured = numbers("x", [3, 3, 32, 32], 1)
madeBy = {
    "script": "tools/golden.py",
    "python": platform.python_version(),
    "torch": torch.__version__,
    "seeds": "each tensor from its name, as the function `numbers` of the script says; PyTorch draws nothing",
}
models = {
    "leNet5": in_both(le_net, grey),
    "leNet5, batch norm": in_both(le_net, grey, batch_norm=True),
    "vgg11": in_both(vgg11, coloured, width=2),
    "vgg11, batch norm": in_both(vgg11, coloured, width=2, batch_norm=True),
    "resNet18": in_both(res_net18, coloured, width=2),
    "resNet18, batch norm": in_both(res_net18, coloured, width=2, batch_norm=True),
    "gpt": in_both(gpt, torch.arange(10).reshape(2, 5) * 7 % 11),
}
print(json.dumps({"madeBy": madeBy, "models": models}))

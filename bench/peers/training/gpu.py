"""PyTorch on a GPU, in f32: `python3 gpu.py`.

Reads requests from standard input, one line of JSON each, and answers each with milliseconds: `{"ask": "product", "size",
"chain"}` with those of a chain of products and the sum of the entries, `{"ask": "steps", "name", "steps"}` with those of a step
of training, which gets its batch from the host and tells its loss. It answers first with how PyTorch is configured.
"""
import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F

from models import workload

if not torch.cuda.is_available():
    sys.exit("PyTorch sees no GPU")
device = torch.device("cuda")
torch.manual_seed(1)
# Products and convolutions with all bits of f32, as ours.
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False


def median_of(run, most, seconds):
    """The median of milliseconds of single runs, after three that do not count."""
    for _ in range(3):
        run()
    found, end = [], time.perf_counter() + seconds
    while len(found) < most and (not found or time.perf_counter() < end):
        start = time.perf_counter()
        run()
        found.append(1000 * (time.perf_counter() - start))
    return statistics.median(found)


def product(size, chain):
    a = (torch.rand(size, size, device=device) - 0.5) * (12 / size) ** 0.5

    def run():
        y = a
        for _ in range(chain):
            y = y @ a
        return y.sum().item()

    return median_of(run, 50, 3)


def steps(name, steps):
    model, (x, y) = workload(name)
    model.to(device)
    optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)

    def run():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x.to(device)), y.to(device))
        loss.backward()
        optimizer.step()
        return loss.item()

    return median_of(run, steps, 20)


about = {"version": torch.__version__, "kernels": f"{torch.cuda.get_device_name()}, CUDA {torch.version.cuda}, TF32 off"}
print(json.dumps(about), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    ask = {"product": product, "steps": steps}[request.pop("ask")]
    print(json.dumps(ask(**request)), flush=True)

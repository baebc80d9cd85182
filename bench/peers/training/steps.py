"""One step of training in PyTorch, again and again: `python3 steps.py THREADS`.

Reads names of workloads from standard input, one a line, and answers each with the milliseconds of single steps as a JSON
list. It answers first with how PyTorch is configured.
"""
import json
import os
import sys
import time

import torch
import torch.nn.functional as F

from models import workload

threads = int(sys.argv[1])
torch.set_num_threads(threads)
torch.manual_seed(1)


def step_of(name):
    model, (x, y) = workload(name)
    optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)

    def step():
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()

    return step


def timed(step, least):
    """Milliseconds of single steps, for at least so many seconds and three steps."""
    found, end = [], time.perf_counter() + least
    while time.perf_counter() < end or len(found) < 3:
        start = time.perf_counter()
        step()
        found.append(1000 * (time.perf_counter() - start))
    return found


def blas():
    """The library that multiplies matrices, and which of its kernels."""
    (torch.ones(2, 2) @ torch.ones(2, 2)).sum()
    if not os.path.exists("/proc/self/maps"):
        return "an unknown BLAS"
    with open("/proc/self/maps") as maps:
        files = {os.path.realpath(line.split()[-1]) for line in maps if "blas" in line}
    names = sorted(os.path.basename(name) for name in files)
    chosen = os.environ.get("OPENBLAS_CORETYPE")
    return ", ".join(names) + (f" with the kernels for {chosen}" if chosen else "")


print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(), "kernels": blas()}), flush=True)
steps = {}
for line in sys.stdin:
    name = line.strip()
    if name not in steps:
        steps[name] = step_of(name)
        timed(steps[name], 0.3)
    print(json.dumps(timed(steps[name], 0.2)), flush=True)

"""Networks and batches that training steps are measured on, by the names that the other systems know."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def le_net():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )


def vgg11():
    layers, channels = [], 3
    for width in (64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0):
        if width == 0:
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
            channels = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(512, 10))


class Block(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.norm2 = nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        short = nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))
        self.short = short if stride > 1 else nn.Sequential()

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.short(x))


def res_net18():
    layers = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2)]
    channels = 64
    for width, stride in ((64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)):
        layers.append(Block(channels, width, stride))
        channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.norm = heads, nn.LayerNorm(width)
        self.input, self.output = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        batch, time_, width = x.shape
        q, k, v = (
            part.view(batch, time_, self.heads, -1).transpose(1, 2) for part in self.input(self.norm(x)).split(width, 2)
        )
        later = torch.triu(torch.ones(time_, time_, dtype=torch.bool), 1)
        scores = (q @ k.transpose(2, 3)) / (width // self.heads) ** 0.5
        y = scores.masked_fill(later, float("-inf")).softmax(-1) @ v
        return x + self.output(y.transpose(1, 2).reshape(batch, time_, width))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inner = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x):
        return x + self.inner(x)


class Gpt(nn.Module):
    def __init__(self, vocabulary, context, width, depth, heads):
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        blocks = [part for _ in range(depth) for part in (Attention(width, heads), Mlp(width))]
        self.blocks = nn.Sequential(*blocks, nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False))

    def forward(self, x):
        y = self.tokens(x) + self.places(torch.arange(x.shape[1]))
        return self.blocks(y).flatten(0, 1)


def images(batch, channels, size):
    return torch.randn(batch, channels, size, size), torch.arange(batch) % 10


def texts(batch, length, vocabulary):
    x = torch.randint(vocabulary, (batch, length))
    return x, x.flatten().roll(-1)


def workload(name):
    """A network with its batch: samples and labels."""
    return {
        "lenet5-128": lambda: (le_net(), images(128, 1, 28)),
        "lenet5-1": lambda: (le_net(), images(1, 1, 28)),
        "mlp-64": lambda: (
            nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)), images(64, 1, 28),
        ),
        "vgg11-8": lambda: (vgg11(), images(8, 3, 32)),
        "resnet18-8": lambda: (res_net18(), images(8, 3, 32)),
        "resnet18-128": lambda: (res_net18(), images(128, 3, 32)),
        "gpt-16": lambda: (Gpt(65, 64, 128, 4, 4), texts(16, 64, 65)),
    }[name]()

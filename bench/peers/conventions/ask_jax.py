"""What JAX returns, as one line of JSON."""

import jax
import jax.numpy as jnp
from jax import lax, nn

from answer import answer


def asked(f, *points):
    args = [jnp.array(point, dtype=jnp.float32) for point in points]
    numbers = tuple(range(len(args)))
    found = jax.grad(lambda *a: jnp.sum(f(*a)), argnums=numbers)(*args)
    return [value for g in found for value in g.flatten().tolist()]


def pool(x):
    return lax.reduce_window(x.reshape(2, 2), -jnp.inf, lax.max, (2, 2), (2, 2), "VALID")


cases = {
    "relu": lambda: asked(nn.relu, 0.0),
    "relu6.low": lambda: asked(nn.relu6, 0.0),
    "relu6.high": lambda: asked(nn.relu6, 6.0),
    "leakyRelu": lambda: asked(lambda x: nn.leaky_relu(x, 0.1), 0.0),
    "hardtanh.low": lambda: asked(nn.hard_tanh, -1.0),
    "hardtanh.high": lambda: asked(nn.hard_tanh, 1.0),
    "clamp.low": lambda: asked(lambda x: jnp.clip(x, -1, 1), -1.0),
    "clamp.high": lambda: asked(lambda x: jnp.clip(x, -1, 1), 1.0),
    "abs": lambda: asked(jnp.abs, 0.0),
    "maximum": lambda: asked(jnp.maximum, 1.0, 1.0),
    "minimum": lambda: asked(jnp.minimum, 1.0, 1.0),
    "max": lambda: asked(jnp.max, [1.0, 1.0, 0.0]),
    "max.axis": lambda: asked(lambda x: jnp.max(x, 0), [1.0, 1.0, 0.0]),
    "min": lambda: asked(jnp.min, [1.0, 1.0, 2.0]),
    "maxPool2d": lambda: asked(pool, [1.0, 1.0, 1.0, 1.0]),
    "norm1": lambda: asked(lambda x: jnp.linalg.norm(x, 1), [0.0, 2.0]),
    "norm2": lambda: asked(jnp.linalg.norm, [0.0, 0.0]),
    "sort": lambda: asked(lambda x: jnp.sort(x)[0], [1.0, 1.0]),
    "median": lambda: asked(jnp.median, [1.0, 1.0, 1.0]),
    "softplus": lambda: asked(nn.softplus, 0.0),
}

answer(jax.__version__, cases)

"""Random numbers for the tests of snippets, the same in every run."""

import math

import torch
from torch import Generator, Tensor


def seeded(seed: int = 0) -> Generator:
    """A generator that begins at the seed."""
    return Generator().manual_seed(seed)


def randn64(*shape: int, seed: int = 0) -> Tensor:
    """Standard normal numbers in float64; other shapes begin with other numbers."""
    generator = seeded(seed + math.prod(shape))
    return torch.randn(*shape, generator=generator, dtype=torch.float64)

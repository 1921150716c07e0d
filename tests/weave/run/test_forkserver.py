"""Kernels start as forks: with what was imported, in the environment of the build."""

import os

from weave.run import forkserver


def test_what_sources_import_is_found() -> None:
    source = b"import a.b, c\nfrom d.e import f\nfrom . import g\n"
    assert set(forkserver._imports(source)) == {"a.b", "c", "d.e"}


def test_an_optimizer_brings_the_compiler_that_it_imports() -> None:
    source = b"import torch\ntorch.optim.SGD([], lr=1)\n"
    assert set(forkserver._imports(source)) == {"torch", "torch._dynamo"}


def test_a_source_that_does_not_parse_is_left_to_its_kernel() -> None:
    assert list(forkserver._imports(b"import a\ndef (")) == []


def test_the_environment_is_the_kernels_alone() -> None:
    before = os.environ.copy()
    with forkserver._environment():
        assert os.environ.items() >= forkserver.ENVIRONMENT.items()
    assert os.environ == before

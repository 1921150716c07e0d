"""Running in place under MkDocs: what mkdocs.yml may say, and where it is off."""

import logging
from typing import Any

import pytest
from mkdocs.config import load_config
from mkdocs.config.base import ValidationError
from mkdocs.config.defaults import MkDocsConfig

from weave.live.limits import Limits
from weave.site import running
from weave.site.running import LiveOptions, Options, Running


def _options(**live: Any) -> LiveOptions:
    options = Options()
    options.load_dict({"live": live})
    failed, _ = options.validate()
    if failed:
        raise failed[0][1]
    return options.live


def _config(address: str) -> MkDocsConfig:
    return load_config("mkdocs.yml", plugins=[], dev_addr=address)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[LiveOptions]:
    """Start nothing; note what was asked for."""
    asked: list[LiveOptions] = []
    monkeypatch.setattr(
        Running, "__init__", lambda self, options: asked.append(options)
    )
    return asked


def test_the_limits_are_the_usual_ones_if_nothing_is_said() -> None:
    assert Limits(*(_options()[name] for name in Limits._fields)) == Limits()


def test_each_limit_can_be_set() -> None:
    said = {"seconds": 1, "characters": 2, "idle": 3, "kernels": 4}
    options = _options(**said)
    assert {name: options[name] for name in said} == said
    assert set(said) == set(Limits._fields)


@pytest.mark.parametrize("value", [0, -1, 1.5, "2", True])
def test_a_limit_is_a_whole_number(value: object) -> None:
    with pytest.raises(ValidationError):
        _options(seconds=value)


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_cells_run_on_this_machine(address: str, started: list[LiveOptions]) -> None:
    assert running.start(_options(), _config(address))
    assert len(started) == 1


@pytest.mark.parametrize("address", ["0.0.0.0:8000", "192.168.1.5:8000", "[::]:80"])
def test_cells_do_not_run_where_others_reach_them(
    address: str, started: list[LiveOptions], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mkdocs.weave")
    assert running.start(_options(), _config(address)) is None
    assert started == []
    assert (
        f"cells do not run at {address.replace('[', '').replace(']', '')}"
        in caplog.text
    )
    assert "hosts: [NAME]" in caplog.text


def test_they_do_if_the_names_are_given(started: list[LiveOptions]) -> None:
    assert running.start(_options(hosts=["box.home"]), _config("0.0.0.0:8000"))
    assert [options.hosts for options in started] == [["box.home"]]

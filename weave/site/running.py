"""Running in place under ``mkdocs serve``: what mkdocs.yml may say, and the server.

A site that is built has nothing of it: the server alone tells its pages.
"""

import logging
from ipaddress import ip_address
from typing import Any

from mkdocs.config import config_options as c
from mkdocs.config.base import Config, ValidationError
from mkdocs.config.defaults import MkDocsConfig

from weave.live.app import Live
from weave.live.gate import LOOPBACK, Gate
from weave.live.limits import Limits
from weave.live.pool import Pool
from weave.paths import SNIPPETS

log = logging.getLogger("mkdocs.weave")

OFF = (
    "cells do not run at %s, where other machines could run code here. To let them,"
    " name in mkdocs.yml how they call this one: `- weave: {live: {hosts: [NAME]}}`"
)


class _Most(c.Type[int]):
    """A number of at least one."""

    def __init__(self, default: int) -> None:
        super().__init__(int, default=default)

    def run_validation(self, value: object) -> int:
        number = super().run_validation(value)
        if number < 1 or isinstance(value, bool):
            raise ValidationError(f"must be a whole number, 1 or more; is {value!r}")
        return number


class LiveOptions(Config):
    """The limits, and the names that this machine has for others."""

    seconds = _Most(Limits().seconds)
    characters = _Most(Limits().characters)
    idle = _Most(Limits().idle)
    kernels = _Most(Limits().kernels)
    hosts = c.ListOfItems(c.Type(str), default=[])


class Options(Config):
    """The plugin's options."""

    live = c.SubConfig(LiveOptions)


class Running:
    """The kernels of one ``mkdocs serve``, for all its builds."""

    def __init__(self, options: LiveOptions) -> None:
        limits = Limits(*(options[name] for name in Limits._fields))
        self._pool, self._gate = Pool(SNIPPETS, limits), Gate(options.hosts)
        self._pool.start()

    def join(self, server: Any) -> None:
        """Let the server's pages run their cells."""
        server.set_app(Live(server.get_app(), self._pool, self._gate))

    def stop(self) -> None:
        """End all kernels."""
        self._pool.stop()


def start(options: LiveOptions, config: MkDocsConfig) -> Running | None:
    """Start what runs the cells; not where other machines reach it unasked."""
    host, port = config.dev_addr
    if not options.hosts and not _is_of_this_machine(host):
        log.info(OFF, f"{host}:{port}")
        return None
    return Running(options)


def _is_of_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK

"""Runs inside a snippet's kernel: keeps its figures, in both schemes, and its values.

Every ``plot_<figure>`` function is wrapped: called once by the snippet, it draws once
under each colour scheme, and the light figure is shown below the cell.
"""

import base64
import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.figure import Figure

SCHEMES = ("dark", "light")


def install(namespace: dict[str, Any], folder: Path, styles: Path) -> None:
    """Wrap the snippet's plot functions and its main, so that they leave a trace."""
    matplotlib.rcdefaults()  # whatever the machine says in a matplotlibrc
    for name, function in list(namespace.items()):
        if name.startswith("plot_"):
            namespace[name] = _recorded(function, folder, styles)
    namespace["main"] = _returning(namespace["main"], folder)


def _recorded(
    plot: Callable[..., Figure], folder: Path, styles: Path
) -> Callable[..., Figure]:
    name = plot.__name__.removeprefix("plot_")

    @functools.wraps(plot)
    def recorded(*args: Any, **kwargs: Any) -> Figure:
        if (folder / f"{name}.light.svg").exists():
            raise ValueError(f"plot_{name} is called twice: a figure is drawn once.")
        for scheme in SCHEMES:
            sheets = [styles / "base.mplstyle", styles / f"{scheme}.mplstyle"]
            with plt.style.context(sheets):
                figure = plot(*args, **kwargs)
                _save(figure, folder / f"{name}.{scheme}.svg", metadata={"Date": None})
        figure.set_layout_engine("none")  # it is laid out: the picture is the same
        _show(figure, folder / f"{name}.png")
        return figure

    return recorded


def _save(figure: Figure, picture: Path, **options: Any) -> None:
    """Save the figure; a warning, such as of a glyph that is missing, names it."""
    try:
        figure.savefig(picture, **options)
    except UserWarning as warning:
        name = picture.name.partition(".")[0]
        raise ValueError(f"plot_{name}: {warning}") from None


def _show(figure: Figure, picture: Path) -> None:
    """Show the light figure below the cell, as a picture that any notebook can show."""
    # Without the version in it, the file repeats byte for byte on the next release.
    plain: dict[str, Any] = {
        "facecolor": "white",
        "transparent": False,
        "metadata": {"Software": ""},
    }
    _save(figure, picture, dpi=110, **plain)
    plt.close("all")
    text = base64.b64encode(picture.read_bytes()).decode()
    data = {"image/png": text, "text/plain": f"<figure {picture.stem}>"}
    display(data, raw=True, metadata={"weave": {"figure": picture.stem}})


def _returning(
    main: Callable[[], dict[str, Any]], folder: Path
) -> Callable[[], dict[str, Any]]:
    @functools.wraps(main)
    def returning() -> dict[str, Any]:
        values = main()
        if not isinstance(values, dict):
            raise TypeError("main() returns a dict of the values that the pages quote.")
        for key, value in values.items():
            _require_json(key, value)
        text = json.dumps(values, indent=1, ensure_ascii=False, allow_nan=False)
        (folder / "values.json").write_text(text + "\n", encoding="utf-8")
        return values

    return returning


def _require_json(key: str, value: Any) -> None:
    try:
        json.dumps({key: value}, allow_nan=False)
    except (TypeError, ValueError) as error:
        message = f"main() returns {key!r}, which no page can quote: {error}"
        raise type(error)(message) from None

"""One palette for pages and figures: read by all, told apart by the colour-blind."""

import re
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

CSS = Path("assets/theme/stylesheets/palette.css").read_text(encoding="utf-8")
SCHEMES = {
    "light": "[data-md-color-scheme]",
    "dark": '[data-md-color-scheme="slate"]',
}
HUES = ("blue", "vermilion", "green", "purple")
CONTRAST = 4.5  # WCAG 2.2 level AA
DIFFERENCE = 10  # CIE76; 2 can just be seen side by side

# What each kind of colour-blindness, at its full severity, makes of linear RGB.
# Source: Machado, Oliveira and Fernandes, 2009, table 1.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
    "tritanopia": np.array([
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip
# Linear RGB to XYZ, relative to the white of D65. Source: IEC 61966-2-1.
XYZ = np.array([
    [0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505],
])  # fmt: skip
XYZ /= XYZ.sum(axis=1, keepdims=True)


def palette(scheme: str) -> dict[str, str]:
    """Return the named colours of a scheme's pages."""
    block = CSS.split(f"{SCHEMES[scheme]} {{")[1].split("}")[0]
    return dict(re.findall(r"--(\w+): (#\w{6});", block))


def linear(color: str) -> np.ndarray:
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    dark, light = sorted(linear(color) @ XYZ[1] for color in (one, other))
    return float((light + 0.05) / (dark + 0.05))


def lab(rgb: np.ndarray) -> np.ndarray:
    t = np.clip(XYZ @ rgb, 0, 1)
    x, y, z = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one: str, other: str, blindness: str) -> float:
    seen = [lab(BLINDNESS[blindness] @ linear(color)) for color in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["paper", "wash"])
@pytest.mark.parametrize("name", [*HUES, "grey", "ink"])
def test_every_colour_is_read_on_every_ground(
    name: str, ground: str, scheme: str
) -> None:
    colors = palette(scheme)
    assert contrast(colors[name], colors[ground]) >= CONTRAST


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_everyone_tells_the_colours_apart(blindness: str, scheme: str) -> None:
    colors = palette(scheme)
    seen = {
        (a, b): difference(colors[a], colors[b], blindness)
        for a, b in combinations(HUES, 2)
    }
    assert min(seen.values()) >= DIFFERENCE, seen


@pytest.mark.parametrize("scheme", SCHEMES)
def test_figures_have_the_colours_of_the_pages(scheme: str) -> None:
    style = mpl.rc_params_from_file(
        f"assets/figures/{scheme}.mplstyle", use_default_template=False
    )
    colors, cycle = palette(scheme), style["axes.prop_cycle"].by_key()["color"]
    assert [to_hex(color) for color in cycle[:4]] == [colors[hue] for hue in HUES]
    assert to_hex(cycle[-1]) == colors["grey"]
    assert to_hex(style["figure.facecolor"]) == colors["paper"]
    assert to_hex(style["text.color"]) == colors["ink"]


def test_the_measures_are_the_known_ones() -> None:
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.005)
    assert difference("black", "white", "none") == pytest.approx(100, abs=1)
    red_green = [difference("#b03000", "#507000", b) for b in ("none", "deuteranopia")]
    assert red_green[0] > 3 * red_green[1]

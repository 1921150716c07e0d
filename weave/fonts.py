"""The mathematics font: STIX Two Math, cut down to the glyphs that the formulas use.

Without one, brackets, sums and roots do not stretch on Linux and Android.
"""

import hashlib
import re
import unicodedata
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path

from fontTools import subset as fonttools
from fontTools.ttLib import TTFont

from weave.paths import CACHE

URL = "assets/fonts/math.woff2"
# Found without importing ziamath, which would load (and warn about) much else.
PACKAGE = distribution("ziamath")
SOURCE = Path(str(PACKAGE.locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")))
FONTS = CACHE / "fonts"
MATH = re.compile(r"<math\b.*?</math>", re.S)
TAG = re.compile(r"<[^>]*>|&\w+;")

# A browser shows a letter that stands alone in <mi> as its mathematical italic.
ITALICS = {
    unicodedata.normalize("NFKC", chr(code)): chr(code)
    # Backwards, so that a letter comes to its own italic, not to a variant like ϑ.
    for code in (*range(0x1D71B, 0x1D6E1, -1), *range(0x1D467, 0x1D433, -1), 0x210E)
    if unicodedata.category(chr(code)) != "Cn"
}

_used: set[str] = set()


def note(html: str) -> None:
    """Remember the characters of this page's formulas."""
    for formula in MATH.findall(html):
        letters = TAG.sub("", formula)
        _used.update(letters, (ITALICS[c] for c in letters if c in ITALICS))
        if "<msqrt" in formula or "<mroot" in formula:
            _used.add("√")  # drawn by the element itself


def write(target: Path) -> None:
    """Write the font with the glyphs of all formulas noted since the last time."""
    characters = "".join(sorted(_used | set("<>&0123456789")))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(_cached(characters))
    _used.clear()


def _cached(characters: str) -> bytes:
    name = hashlib.sha256(characters.encode() + SOURCE.read_bytes()).hexdigest()
    file = FONTS / f"{name}.woff2"
    if not file.exists():
        FONTS.mkdir(parents=True, exist_ok=True)
        file.write_bytes(subset(characters))
    return file.read_bytes()


def subset(characters: str) -> bytes:
    """Return a woff2 with these characters, their stretched forms, the math table."""
    options = fonttools.Options(flavor="woff2", layout_features=["ssty", "kern"])
    options.notdef_outline = True
    font = TTFont(SOURCE, recalcTimestamp=False)  # the same bytes at any time
    cutter = fonttools.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    font.flavor = "woff2"
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()

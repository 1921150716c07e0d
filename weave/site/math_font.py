"""The mathematics font: STIX Two Math, cut down to the glyphs that the formulas use.

Without one, brackets, sums and roots do not stretch on Linux and Android. It lies
inside a style sheet: a file of its own would come after the first formulas are laid
out, and move every line below them.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path

from fontTools import subset as fonttools
from fontTools.ttLib import TTFont

from weave.files import write_whole
from weave.paths import CACHE

URL = "stylesheets/math.css"
NAME = "STIX Two Math"
SHEET = (
    f'@font-face{{{{font-family:"{NAME}";'
    'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
)
# Found without importing ziamath, which would load (and warn about) much else.
PACKAGE = distribution("ziamath")
SOURCE = Path(str(PACKAGE.locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")))
FONTS = CACHE / "fonts"
# ′ ″ ‴, each as it is drawn for a script
PRIMES = {0x2032: "minute.ssty", 0x2033: "second.ssty", 0x2034: "uni2034.ssty"}
LICENCE = (13, 14)  # name records: the licence's words, and its address
MATH = re.compile(r"<math\b.*?</math>", re.S)
TAG = re.compile(r"<[^>]*>|&\w+;")

# A browser shows a letter that stands alone in <mi> as its mathematical italic.
ALONE = re.compile("<mi>(.)</mi>")
ITALICS = {
    unicodedata.normalize("NFKC", chr(code)): chr(code)
    # Backwards, so that a letter comes to its own italic, not to a variant like ϑ.
    for code in (*range(0x1D71B, 0x1D6E1, -1), *range(0x1D467, 0x1D433, -1), 0x210E)
    if unicodedata.category(chr(code)) != "Cn"
}


def sheet(pages: Iterable[str]) -> str:
    """Return the style sheet with the glyphs of all formulas on these pages."""
    used = {letter for page in pages for letter in _letters(page)}
    characters = "".join(sorted(used | set("<>&0123456789")))
    data = base64.b64encode(_cached(characters)).decode()
    return SHEET.format(data=data)


def _letters(page: str) -> Iterator[str]:
    for formula in MATH.findall(page):
        alone = ALONE.findall(formula)
        yield from (ITALICS.get(letter, letter) for letter in alone)
        yield from TAG.sub("", ALONE.sub("", formula))
        if "<msqrt" in formula or "<mroot" in formula:
            yield "√"  # drawn by the element itself


def _cached(characters: str) -> bytes:
    made_of = (characters.encode(), SOURCE.read_bytes(), Path(__file__).read_bytes())
    name = hashlib.sha256(b"".join(made_of)).hexdigest()
    file = FONTS / f"{name}.woff2"
    if not file.exists():
        write_whole(file, subset(characters))
    return file.read_bytes()


def subset(characters: str) -> bytes:
    """Return a woff2 with these characters, their stretched forms, the math table."""
    # Without the second drawings for small scripts: they are half of the font.
    options = fonttools.Options(flavor="woff2", layout_features=[])
    options.notdef_outline = True
    options.hinting = False  # for screens of large dots, and a quarter of the bytes
    options.name_IDs = [*options.name_IDs, *LICENCE]
    font = TTFont(SOURCE, recalcTimestamp=False)  # the same bytes at any time
    for table in font["cmap"].tables:
        table.cmap.update(PRIMES)  # the others stand too high, and are too small
    cutter = fonttools.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    font.flavor = "woff2"
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()

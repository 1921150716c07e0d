"""Labs on the site: light pages, and files to take along that are what they say."""

import re
from pathlib import Path

import nbformat
import pytest

from tests.site.pages import Pages, article
from weave.languages import LANGUAGES
from weave.run.artifacts import modules
from weave.run.notebook import read

NAMES = [path.stem for path in modules()]
HEAVIEST = 80 * 1024


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
class TestLab:
    def test_its_page_is_light(self, name: str, language: str, site: Path) -> None:
        for mode in (language, "both"):
            page = site / mode / "labs" / name / "index.html"
            assert page.stat().st_size <= HEAVIEST
            body = page.read_text(encoding="utf-8").partition("<article")[2]
            assert not re.search(r"data:image|<style|In \[|jp-|Copied!", body)

    def test_its_code_is_the_snippets(
        self, name: str, language: str, pages: Pages
    ) -> None:
        page = article(pages[f"{language}/labs/{name}/index.html"])
        blocks = page.xpath(".//div[contains(@class, 'language-python')]//code")
        source = Path(f"snippets/{name}.py").read_text(encoding="utf-8")
        cells = read(source, name).cells
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        assert [block.text_content().rstrip("\n") for block in blocks] == code

    def test_its_notebook_is_whole(self, name: str, language: str, site: Path) -> None:
        path = site / language / "labs" / name / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
        assert outputs
        assert all(output.output_type != "error" for output in outputs)
        assert all(output.get("name") != "stderr" for output in outputs)
        langs = {cell.metadata.get("lang") for cell in notebook.cells}
        assert langs <= {language, None}


@pytest.mark.parametrize("name", NAMES)
def test_a_snippet_to_take_along_is_the_snippet(name: str, site: Path) -> None:
    taken = (site / "snippets" / f"{name}.py").read_bytes()
    assert taken == Path(f"snippets/{name}.py").read_bytes()

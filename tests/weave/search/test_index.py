"""Search: one index a reading mode, whole texts, and the words readers type."""

import json
from pathlib import Path
from typing import Any

import pytest

from weave.errors import WeaveError
from weave.search.index import INDEX, LABS, SECTIONS, entries, split
from weave.search.keywords import Keywords

MODES = ("zh", "en", "both")
OVERFITTING = Keywords(("过拟合", "overfit"), "a.md#overfitting", "docs/search.yml")


def _doc(location: str, title: str = "T", text: str = "") -> dict[str, Any]:
    return {"location": location, "title": title, "text": text}


def _docs() -> list[dict[str, Any]]:
    return [
        _doc("", "Greeting"),
        _doc("zh/", "首页"),
        _doc("zh/a/", "甲"),
        _doc(
            "zh/a/#overfitting", "\u200b过\u200b拟合\u200b", "<p>x &lt; 3\u200b。</p>"
        ),
        _doc("en/", "Home"),
        _doc("en/a/", "A"),
        _doc("en/a/#overfitting", "Overfitting", "<p>x &lt; 3.</p>"),
        _doc("en/labs/fit/", "Fit"),
        _doc("zh/labs/fit/", "拟合"),
    ]


def _by_location(language: str, *keywords: Keywords) -> dict[str, dict[str, Any]]:
    return {e["location"]: e for e in entries(_docs(), language, list(keywords))}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_language_finds_its_own_pages_only(language: str) -> None:
    assert set(_by_location(language)) == {"", "a/", "a/#overfitting", "labs/fit/"}


def test_words_are_whole_and_texts_are_plain() -> None:
    entry = _by_location("zh")["a/#overfitting"]
    assert entry["title"] == "过拟合"
    assert entry["text"] == "x < 3。"


def test_a_less_than_sign_in_code_hides_nothing() -> None:
    code = "near = gap &lt; tol <i># a &lt;</i>\ndef ratio() -&gt; int"
    text = f"<pre><code>{code}</code></pre>"
    (entry,) = entries([_doc("en/a/", "A", text)], "en", [])
    assert entry["code"] == "near gap tol ratio int"


def test_a_section_knows_the_title_of_its_page() -> None:
    assert _by_location("en")["a/#overfitting"]["page"] == "A"
    assert _by_location("zh")["a/"]["page"] == "甲"


def test_a_section_has_all_the_words_that_lead_to_it() -> None:
    synonym = Keywords(("泛化",), "a.md#overfitting", "docs/search.yml")
    for language in ("zh", "en"):
        found = _by_location(language, OVERFITTING, synonym)
        assert found["a/#overfitting"]["keys"] == [OVERFITTING.words, ("泛化",)]
        assert "keys" not in found["a/"]


def test_words_that_lead_nowhere_are_named() -> None:
    docs = [doc for doc in _docs() if doc["location"] != "en/a/#overfitting"]
    with pytest.raises(WeaveError, match=r"^docs/search\.yml: a\.md#overf.* docs/en "):
        entries(docs, "en", [OVERFITTING])


def _code(*blocks: str) -> str:
    return "".join(f"<pre><code>{block}</code></pre>" for block in blocks)


def test_of_code_and_what_it_prints_every_word_is_kept_once_a_page() -> None:
    own = entries(
        [
            _doc("en/a/", text=_code("def fit(x_0):", "return fit(loss) &lt; 0.5")),
            _doc(
                "en/a/#b", text=f"<p>Runs.</p>{_code('fit(step)')} <pre>done 0.25</pre>"
            ),
            _doc("en/c/", text=_code("fit(step)")),
        ],
        "en",
        [],
    )
    assert [entry.get("code") for entry in own] == [
        "fit x_0 loss",
        "step done",
        "fit step",
    ]
    assert [entry["text"] for entry in own] == ["", "Runs.", ""]


def test_what_code_says_in_words_the_prose_says() -> None:
    lines = '"""Fit."""', 'print("now")  # a remark', "step()"
    docs = [_doc("en/a/", text=_code("\n".join(lines)))]
    assert entries(docs, "en", [])[0]["code"] == "print step"


def test_a_section_without_code_of_its_own_has_none() -> None:
    assert all("code" not in entry for entry in _by_location("en").values())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "search").mkdir()
    index = {"config": {"lang": ["zh"]}, "docs": []}
    (tmp_path / INDEX).write_text(json.dumps(index), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("mode", "shown", "others"),
    [("zh", ["zh"], ["en"]), ("en", ["en"], ["zh"]), ("both", ["zh", "en"], [])],
)
def test_every_mode_names_the_sections_it_shows_and_the_others(
    mode: str, shown: list[str], others: list[str], site: Path
) -> None:
    split(site, _docs(), [OVERFITTING])
    config = json.loads((site / mode / INDEX).read_text(encoding="utf-8"))["config"]
    assert config["lang"] == ["zh"]
    assert config["sections"] == [f"{code}/{SECTIONS}" for code in shown]
    assert config["labs"] == [f"{code}/{LABS}" for code in shown]
    files = [f"{code}/{name}" for code in others for name in (SECTIONS, LABS)]
    assert config["others"] == files


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_chapters_are_in_one_file_and_the_labs_in_another(
    code: str, site: Path
) -> None:
    split(site, _docs(), [OVERFITTING])
    chapters, labs = (
        {doc["location"] for doc in json.loads((site / code / name).read_text("utf-8"))}
        for name in (SECTIONS, LABS)
    )
    assert chapters == {"", "a/", "a/#overfitting"}
    assert labs == {"labs/fit/"}


def test_what_is_shown_in_two_modes_is_there_once(site: Path) -> None:
    split(site, _docs(), [OVERFITTING])
    found = sorted(path.parent.parent.name for path in site.glob(f"*/{SECTIONS}"))
    assert found == ["en", "zh"]


@pytest.mark.parametrize("mode", MODES)
def test_a_page_brings_the_sections_only_from_a_folder(mode: str, site: Path) -> None:
    split(site, _docs(), [OVERFITTING])
    assert json.loads((site / mode / INDEX).read_text(encoding="utf-8"))["docs"] == []
    script = (site / mode / INDEX).with_suffix(".js").read_text(encoding="utf-8")
    whole = json.loads(script.removeprefix("var __index="))
    config = whole["config"]
    places = [*config["sections"], *config["labs"], *config["others"]]
    assert whole["docs"] == [
        json.loads((site / place).read_text(encoding="utf-8")) for place in places
    ]

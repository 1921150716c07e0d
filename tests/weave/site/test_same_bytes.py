"""The same input gives the same bytes: the tiny site on two very different machines."""

import gzip
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.weave.site.tiny_site import build_in, files, project_in

pytestmark = pytest.mark.xdist_group("same_bytes")

THREADS = ("OMP", "MKL", "OPENBLAS")


def _machine(number: int, zone: str, **more: str) -> dict[str, str]:
    """A place to build in: its chances, its clock and calendar, its processors."""
    threads = {f"{library}_NUM_THREADS": str(number) for library in THREADS}
    chance = {"PYTHONHASHSEED": str(number), "TZ": zone}
    date = {"SOURCE_DATE_EPOCH": str(number * 400_000_000)}
    return threads | chance | date | more


# Never in the same day; the second knows no UTF-8, and draws ticks in its own way.
MACHINES = {
    "one": _machine(1, "UTC-14", LC_ALL="C.UTF-8"),
    "a/deeper/one": _machine(
        2, "UTC+12", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0"
    ),
}
TICKS = "xtick.direction: in\n"
WARN = {
    "PYTHONWARNDEFAULTENCODING": "1",
    "PYTHONWARNINGS": "always::EncodingWarning",
}
RISKY = (
    *(r"site/sitemap\.xml", r"site/sitemap\.xml\.gz", r"site/index\.html"),
    r"site/stylesheets/(site|math)\.css",
    *(r"site/javascripts/(site|search)\.js", r"site/.*\.min\.js"),
    r"site/(zh|en|both)/search/(search_index\.js|search_index\.json|sections\.json)",
    r"site/(zh|en|both)/(page|labs/square|labs/chance)/index\.html",
    r"site/(zh|en)/labs/chance/chance\.ipynb",
    r"site/figures/square/curve\.(zh|en)\.(light\.svg|dark\.svg|png)",
    r"\.cache/artifacts/chance/(output\.txt|values\.json|fingerprint\.json)",
)


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What the builds said."""
    return []


@pytest.fixture(scope="module")
def trees(
    said: list[str], tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, bytes]]:
    """The site and the artifacts that each machine made of the same files."""
    above = tmp_path_factory.mktemp("machines")
    (above / "matplotlibrc").write_text(TICKS, encoding="utf-8")
    MACHINES["a/deeper/one"]["MATPLOTLIBRC"] = str(above / "matplotlibrc")
    projects = [project_in(above / folder) for folder in MACHINES]
    for project, machine in zip(projects, MACHINES.values(), strict=True):
        _commit(project)
        said.append(build_in(project, **machine, **WARN))
    return [_made(project) for project in projects]


def _commit(project: Path) -> None:
    date = {"GIT_COMMITTER_DATE": "2021-02-03T23:30:00-0900"}
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    for command in (["init"], ["add", "."], ["commit", "-m", "All"]):
        git = ["git", *who, *command]
        subprocess.run(
            git, cwd=project, env=os.environ | date, check=True, capture_output=True
        )


def _made(project: Path) -> dict[str, bytes]:
    made = files(project)
    return {n: d for n, d in made.items() if re.match(r"site/|\.cache/artifacts/", n)}


def test_two_machines_make_the_same_bytes(trees: list[dict[str, bytes]]) -> None:
    one, other = trees
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def test_the_sitemap_has_the_days_of_the_last_changes(
    trees: list[dict[str, bytes]],
) -> None:
    sitemap = trees[0]["site/sitemap.xml"]
    found = re.findall(r"<loc>(.+)</loc>\s*<lastmod>(.+)</lastmod>", sitemap.decode())
    assert {day for _, day in found} == {"2021-02-03"}
    pages = {name for name in trees[0] if name.endswith("/index.html")}
    assert len(dict(found)) == len(pages)
    zipped = trees[0]["site/sitemap.xml.gz"]
    assert gzip.decompress(zipped) == sitemap
    day = datetime.fromtimestamp(int.from_bytes(zipped[4:8], "little"), UTC)
    assert day == datetime(2021, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize("pattern", RISKY)
def test_what_is_at_risk_was_compared(
    pattern: str, trees: list[dict[str, bytes]]
) -> None:
    """Each alternative of each group in the pattern names a file."""
    found = [m.groups() for name in trees[0] if (m := re.fullmatch(pattern, name))]
    groups = [group.split("|") for group in re.findall(r"\(([^)]*)\)", pattern)]
    assert len(found) >= max(1, *map(len, groups), 0)
    for place, names in enumerate(groups):
        assert {m[place] for m in found} == {n.replace("\\", "") for n in names}


def test_no_module_of_ours_leaves_an_encoding_to_the_machine(
    trees: list[dict[str, bytes]], said: list[str]
) -> None:
    ours = r"^.*\bweave/\S+\.py:\d+: EncodingWarning.*$"
    assert [re.findall(ours, text, re.M) for text in said] == [[], []]

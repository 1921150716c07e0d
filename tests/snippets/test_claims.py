"""What the pages conclude holds for other seeds, too.

``make audit`` runs every experiment behind a claim with three of them.
"""

import re
from pathlib import Path

import pytest

from weave.paths import ARTIFACTS, SNIPPETS
from weave.run.artifacts import refresh
from weave.site import claims

CLAIMS = claims.load()
MODULES = sorted({module for claim in CLAIMS for module in claim.modules()})
SEED = re.compile(r'(?<=^# %% name="parameters"\n)((?:[^%]*\n)?SEED = )0\b', re.M)


def _with_seed(module: str, seed: int) -> str:
    """Return the source of a snippet whose experiments begin at another seed."""
    source = (SNIPPETS / f"{module}.py").read_text(encoding="utf-8")
    changed, times = SEED.subn(rf"\g<1>{seed}", source)
    assert times == 1, f'{module}: SEED = 0 belongs into the cell name="parameters"'
    return changed


@pytest.mark.parametrize("module", MODULES)
def test_an_experiment_takes_its_chance_from_one_seed(module: str) -> None:
    changed = _with_seed(module, 7)
    lines = zip(changed.splitlines(), _with_seed(module, 0).splitlines(), strict=True)
    [(new, old)] = [pair for pair in lines if pair[0] != pair[1]]
    assert new == old.replace("SEED = 0", "SEED = 7", 1)


@pytest.mark.audit
@pytest.mark.parametrize("seed", [100, 200, 300])
def test_claims_hold_for_other_seeds(seed: int, tmp_path: Path) -> None:
    snippets, artifacts = tmp_path / "snippets", tmp_path / "artifacts"
    snippets.mkdir()
    for module in MODULES:
        source = _with_seed(module, seed)
        (snippets / f"{module}.py").write_text(source, encoding="utf-8")
    refresh(snippets, artifacts, report=lambda line: None)
    found = claims.values(MODULES, artifacts)
    assert found.keys() == {*MODULES}
    assert list(claims.broken(CLAIMS, found)) == []
    before = claims.values(MODULES, ARTIFACTS)
    assert before != found, "another seed gives other numbers"

"""Whether a step of the build grows faster than the site; part of ``make bench``."""

import re
from pathlib import Path

from weave.dev.copies import copied
from weave.editions.build import profile

TIMES = (1, 3, 10)
LEAST = 0.2  # seconds in the largest site, for a step to be looked at
SHOWN = 15
OURS = re.compile(r"/((?:weave|mkdocs)/.+)\.py$")

Steps = dict[str, float]


def table(scratch: Path) -> list[str]:
    """Return a line for each step that grew most, from the site to ten times as much.

    Its seconds in each site; then its growth, where 1.00 is that of the pages.
    """
    found = [_profiled(copied(scratch / str(times), times)) for times in TIMES]
    growths = {
        step: seconds / found[0][step] / TIMES[-1]
        for step, seconds in found[-1].items()
        if seconds > LEAST and found[0].get(step)
    }
    worst = sorted(growths, key=lambda step: -growths[step])[:SHOWN]
    sites = "".join(f"{f'x {times}':>8}" for times in TIMES)
    return [
        f"{'step, in seconds under the profiler':52}{sites}  growth",
        *(_row(step, found, growths[step]) for step in worst),
    ]


def _row(step: str, found: list[Steps], growth: float) -> str:
    seconds = "".join(f"{steps.get(step, 0):8.2f}" for steps in found)
    return f"{step:52}{seconds}{growth:8.2f}"


def _profiled(project: Path) -> Steps:
    """Build from nothing; return how long each function of ours and MkDocs' took."""
    profiled = profile(project / "site", project=project)
    stats = profiled.stats  # type: ignore[attr-defined]
    return {
        f"{part[1].replace('/', '.')}.{name}": cumulative
        for (file, _, name), (_, _, _, cumulative, _) in stats.items()
        if (part := OURS.search(file)) and name.isidentifier()
    }

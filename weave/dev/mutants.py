"""Changes the snippets a little, place by place, to see whether a test notices.

``make mutants`` takes hours; ``make mutants ONLY=tensor_ops`` minutes. What computes is
changed: pictures are looked at, and what main() prints is compared with the pages as a
whole. mutmut does the work, in mutants/; ``mutmut show NAME`` shows a survivor.
"""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from weave.run.artifacts import modules

NOT_COMPUTING = re.compile(r"_|plot_|draw_|show_|main$")
RESULT = re.compile(r"snippets\.(\w+)\.(\S+): (?!not checked)(.+)")


def patterns(path: Path) -> list[str]:
    """Return mutmut's names for the mutants of all that computes in a snippet."""
    names = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            names.append(f"xǁ{node.name}ǁ*")
        if isinstance(node, ast.FunctionDef) and not NOT_COMPUTING.match(node.name):
            names.append(f"x_{node.name}__mutmut_*")
    return [f"snippets.{path.stem}.{name}" for name in names]


def table(results: str) -> list[str]:
    """Return a line a snippet from what ``mutmut results`` says, then the survivors."""
    found = RESULT.findall(results)
    died = Counter(module for module, _, result in found if result != "survived")
    every = Counter(module for module, _, _ in found)
    rows = {**every, "all": every.total()}
    died["all"] = died.total()
    return [
        *(
            f"{module:20} {died[module]:5} of {n:5} {died[module] / n:7.1%}"
            for module, n in rows.items()
        ),
        *(f"survived: {m}.{name}" for m, name, result in found if result == "survived"),
    ]


def main() -> None:
    """Try the mutants of the snippets named on the command line, or of all."""
    chosen = [path for path in modules() if path.stem in sys.argv[1:]] or modules()
    names = [name for path in chosen for name in patterns(path)]
    mutmut = str(Path(sys.executable).with_name("mutmut"))
    subprocess.run([mutmut, "run", *names], check=True)
    results = [mutmut, "results", "--all", "true"]
    done = subprocess.run(results, check=True, stdout=subprocess.PIPE, text=True)
    print("\n".join(table(done.stdout)))


if __name__ == "__main__":
    main()

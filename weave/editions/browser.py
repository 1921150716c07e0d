"""Makes sure there is a browser, to test and to print with.

Takes the Chromium of the machine; where there is none, the system's package if this is
root on a machine with apt, else the one that Playwright brings.
"""

import os
import shutil
import subprocess
import sys

# As root Chromium needs no-sandbox; the others keep it from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
# Without the windows that nobody would look at, the first does with half the work.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def system_browser() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> None:
    """Install a browser if the machine has none."""
    if system_browser():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        subprocess.run([*install, _package(), "fonts-noto-cjk"], check=True, env=quiet)
    else:
        own = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(own, check=True)


def _package() -> str:
    """Return the first of Chromium's packages that this system has."""
    command = ["apt-cache", "pkgnames", "chromium"]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    known = run.stdout.decode().split()
    return next(name for name in NAMES if name in known)


if __name__ == "__main__":
    main()

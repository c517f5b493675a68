"""Chromium for the browser tests: found, installed by apt when root, else said."""

import ctypes
import os
import shutil
import subprocess

from crm_project.up.process import say

NAMES = ("chromium", "chromium-browser", "google-chrome")
DRIVER_LIBRARY = "libatomic.so.1"  # Playwright's driver needs it; a bare Debian has it not


def find() -> str:
    """Path of a Chromium, empty when there is none."""
    chosen = os.environ.get("CHROMIUM", "")
    return chosen or next((path for name in NAMES if (path := shutil.which(name))), "")


def missing() -> list[str]:
    """The Debian packages that browser tests still need."""
    packages = [] if find() else ["chromium", "fonts-dejavu-core"]
    try:
        ctypes.CDLL(DRIVER_LIBRARY)
    except OSError:
        packages.append("libatomic1")
    return packages


def ensure() -> None:
    """Install them where that is possible without asking anyone; the tests skip themselves elsewhere."""
    packages = missing()
    apt = shutil.which("apt-get")
    if packages and apt and os.geteuid() == 0:
        say(f"Installing {' '.join(packages)} for the browser tests ...")
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *packages]):
            subprocess.run([apt, *arguments], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        packages = missing()
    if packages:
        say(f"Browser tests are skipped. To run them too: sudo apt-get install {' '.join(packages)}")

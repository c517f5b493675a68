"""Chromium for the browser tests: found, installed by apt when root, else said."""

import os
import shutil
import subprocess

from crm_project.up.process import say

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str:
    """Path of a Chromium, empty when there is none."""
    chosen = os.environ.get("CHROMIUM", "")
    return chosen or next((path for name in NAMES if (path := shutil.which(name))), "")


def ensure() -> None:
    """Install Chromium where that is possible without asking anyone; the tests skip themselves elsewhere."""
    if find():
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        say("Installing Chromium for the browser tests ...")
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt, "update", "-qq"], env=env, check=False)
        subprocess.run(
            [apt, "install", "-qq", "-y", "--no-install-recommends", "chromium"],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )
    if not find():
        say("Browser tests are skipped: Chromium is missing. To run them too: sudo apt-get install chromium")

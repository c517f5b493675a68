"""The installer: a stamp only after success, a clear line otherwise."""

import importlib.util
import os
import shutil
import subprocess
import sys

import pytest

from crm_project.env import BASE_DIR

SCRIPT = BASE_DIR / "crm_project" / "up" / "install.py"


@pytest.fixture
def project(tmp_path):
    """A project with nothing to install."""
    (tmp_path / "crm_project" / "up").mkdir(parents=True)
    shutil.copy(SCRIPT, tmp_path / "crm_project" / "up")
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "requirements-dev.txt").write_text("")
    return tmp_path


def install(project, kind="run", **env):
    return subprocess.run(
        [sys.executable, str(project / "crm_project" / "up" / "install.py"), kind],
        env={**os.environ, **env},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_failed_install_leaves_no_stamp_and_is_done_again(project):
    (project / "requirements.txt").write_text("nothing-here @ file:///nonexistent/nothing.whl\n")
    first = install(project)
    assert first.returncode == 1
    assert first.stderr.startswith("Peyvand: The install failed: ")
    assert len(first.stderr.strip().splitlines()) == 1
    assert not list((project / ".venv").glob(".installed-*"))
    (project / "requirements.txt").write_text("")
    assert install(project).returncode == 0
    assert (project / ".venv" / ".installed-run").exists()
    assert install(project).stdout == ""
    (project / "requirements.txt").write_text("# changed\n")
    assert "Installing" in install(project).stdout


def test_missing_venv_names_its_package(project):
    (project / "broken").mkdir()
    (project / "broken" / "ensurepip.py").write_text("raise ImportError('no ensurepip')\n")
    done = install(project, PYTHONPATH=str(project / "broken"))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert done.returncode == 1
    assert done.stderr == f"Peyvand: Python's venv module is incomplete. Run: apt-get install python{version}-venv\n"


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        ("WARNING: Retrying ... NewConnectionError(...)\nERROR: No matching distribution", "could not be reached"),
        ("ERROR: [Errno 13] Permission denied: '/x'", "No permission to write"),
        ("noise\nERROR: Hash mismatch\nmore noise", "The install failed: ERROR: Hash mismatch"),
        ("", "The install failed: no output"),
    ],
)
def test_what_pip_says_becomes_one_line(output, said):
    spec = importlib.util.spec_from_file_location("installer", SCRIPT)
    installer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(installer)
    assert said in installer.explain(output)
    assert "\n" not in installer.explain(output)


def test_an_unknown_kind_is_refused(project):
    assert install(project, kind="nonsense").stderr == "Peyvand: Run make in the project's folder.\n"

"""The whole product started once, as `make run` does it."""

import json
import re
import shutil
import signal
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.ops.running import Running, gone, wait_for
from tests.ops.test_up import free_port


@pytest.fixture(scope="module")
def product():
    folder = Path(tempfile.mkdtemp(prefix="peyvand-run-"))
    folder.chmod(0o755)
    port = free_port()
    running = Running(folder / "var", "run", "--no-demo", ready="Peyvand runs at", seconds=300, PORT=str(port))
    running.address = f"http://127.0.0.1:{port}"
    yield running
    running.stop(signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def get(product, path):
    try:
        with urllib.request.urlopen(product.address + path, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()
    except OSError:
        return 0, {}, b""


def ready(product):
    return get(product, "/readyz")[0] == 200


def test_everything_answers(product):
    wait_for(lambda: ready(product))
    assert json.loads(get(product, "/readyz")[2]) == {
        "status": "ok",
        "database": "ok",
        "broker": "ok",
        "worker": "ok",
    }


def test_sign_in_page_with_hashed_files_and_strict_policy(product):
    status, headers, body = get(product, "/auth/login/")
    assert status == 200
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    styles = re.findall(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', body.decode())
    assert styles
    status, headers, _ = get(product, styles[0])
    assert status == 200
    assert "immutable" in headers["Cache-Control"]


@pytest.mark.parametrize("name", ["web", "worker", "bulk", "beat", "postgres", "valkey"])
def test_whatever_is_killed_comes_back(product, name):
    product.kill(name)
    wait_for(lambda: ready(product))


def test_a_stop_leaves_nothing(product):
    children = product.pids()
    assert len(children) == 6
    assert product.stop(signal.SIGINT) == 0
    assert all(gone(pid) for pid in children)
    assert "Traceback" not in product.text

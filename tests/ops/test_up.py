"""The supervisor with real processes: what starts, what comes back, what is left behind, what is said."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg2
import pytest

from crm_project.up import binaries, checks, layout, postgres, state, valkey
from crm_project.up.layout import UpError
from crm_project.up.process import Child, last_words
from tests.ops.running import Running, gone, up, wait_for

READY = "Ready; Ctrl-C stops both."


@pytest.fixture(scope="module")
def folder():
    """A folder the account PostgreSQL runs under can reach, also when the tests run as root."""
    path = Path(tempfile.mkdtemp(prefix="peyvand-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def var(folder):
    """A folder whose services have run before."""
    done = up(folder / "var", "with-services", "--no-sync", "--", "python", "-c", "")
    assert done.returncode == 0, done.stderr
    return folder / "var"


@pytest.fixture
def services(var):
    running = Running(var, "services", ready=READY)
    yield running
    running.stop()


def run_folder(var):
    return (var / "data" / "run").resolve()


def query(var, sql):
    connection = psycopg2.connect(host=str(run_folder(var)), user="crm", dbname="peyvand")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def test_a_killed_database_comes_back_with_what_was_committed(var, services):
    query(var, "CREATE TABLE kept AS SELECT 7 AS number")
    services.kill("postgres")
    wait_for(lambda: postgres.answers(run_folder(var)))
    assert query(var, "SELECT number FROM kept") == (7,)
    assert "postgres was killed by SIGKILL; starting it again" in services.text


def test_a_killed_valkey_comes_back(var, services):
    services.kill("valkey")
    wait_for(lambda: valkey.answers(run_folder(var)))


def test_trigrams_of_the_embedded_database_see_persian(var, services):
    query(var, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert query(var, "SELECT cardinality(show_trgm('سلام'))") == (5,)


def test_sockets_are_private(var, services):
    assert run_folder(var).stat().st_mode & 0o077 == 0
    assert query(var, "SHOW listen_addresses") == ("",)


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_stops_every_child(var, sig):
    running = Running(var, "services", "--no-sync", ready=READY)
    children = running.pids()
    assert len(children) == 2
    assert running.stop(sig) == 130
    assert all(gone(pid) for pid in children)
    assert not state.state_file(var).exists()


def test_a_killed_supervisor_leaves_nothing_and_starts_again(var):
    running = Running(var, "services", "--no-sync", ready=READY)
    children = running.pids()
    running.stop(signal.SIGKILL)
    again = Running(var, "services", "--no-sync", ready=READY)
    assert all(gone(pid) for pid in children)
    assert again.stop() == 130


def test_a_command_gets_the_services_and_gives_back_its_exit_code(var):
    code = "import os, sys; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL']); sys.exit(3)"
    done = up(var, "with-services", "--no-sync", "--", "python", "-c", code)
    assert done.returncode == 3
    assert "postgresql://crm@/peyvand?host=" in done.stdout
    assert "unix:///" in done.stdout
    assert not state.state_file(var).exists()


def test_a_command_uses_the_running_instance(var, services):
    before = services.pids()
    done = up(
        var,
        "with-services",
        "--database",
        "another",
        "--",
        "python",
        "-c",
        "import os; print(os.environ['DATABASE_URL'])",
    )
    assert done.returncode == 0, done.stderr
    assert "/another?" in done.stdout
    assert services.pids() == before
    assert not any(gone(pid) for pid in before)


def test_the_product_starts_only_once_in_a_folder(var, services):
    done = up(var, "run", PORT=str(free_port()))
    assert done.returncode == 1
    assert "already runs from this folder" in done.stderr
    assert "Traceback" not in done.stderr


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_taken_port_is_said_with_a_free_one(var):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = up(var, "run", PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken by another program. Run: make run PORT=" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "۸۰۰۰", "80 00"])
def test_a_wrong_port_is_said(port):
    with pytest.raises(UpError, match="not a port number"):
        checks.parse_port(port)


def test_two_starts_at_once_cannot_both_hold_a_port():
    held = checks.hold_port("127.0.0.1", free_port())
    try:
        with pytest.raises(UpError, match="is taken"):
            checks.hold_port("127.0.0.1", held.getsockname()[1])
    finally:
        held.close()


@pytest.mark.parametrize("command", [["services"], ["run"]])
def test_data_of_another_major_is_left_alone(var, folder, command):
    other = folder / "other"
    if not other.exists():
        shutil.copytree(var, other, symlinks=True, ignore=shutil.ignore_patterns("*.sock", ".s.*"))
        for path in [other, *other.rglob("*")]:
            original = var / path.relative_to(other)
            os.chown(path, original.stat().st_uid, original.stat().st_gid)
        (other / "data" / "pg" / "PG_VERSION").write_text("16\n")
    before = sorted((path, path.stat().st_mtime_ns) for path in (other / "data" / "pg").rglob("*"))
    done = up(other, *command, PORT=str(free_port()))
    assert done.returncode == 1
    assert "holds data of PostgreSQL 16, this release brings 18. Nothing was changed" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert before == sorted((path, path.stat().st_mtime_ns) for path in (other / "data" / "pg").rglob("*"))


def test_a_folder_without_a_database_is_not_overwritten(folder):
    strange = folder / "strange"
    (strange / "data" / "pg").mkdir(parents=True)
    (strange / "data" / "pg" / "mine.txt").write_text("mine")
    done = up(strange, "services")
    assert done.returncode == 1
    assert "holds no PostgreSQL data" in done.stderr
    assert (strange / "data" / "pg" / "mine.txt").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_one_clear_line(folder):
    small = folder / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let root mount")
    try:
        done = up(small / "var", "services")
    finally:
        subprocess.run(["umount", str(small)], check=False)
    assert done.returncode == 1
    assert "The disk is full" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_half_made_data_folder_is_made_again(var, folder):
    fresh = folder / "fresh"
    done = up(fresh, "with-services", "--no-sync", "--", "python", "-c", "")
    assert done.returncode == 0, done.stderr
    shutil.rmtree(fresh / "data" / "pg")
    (fresh / "data" / "pg.new").mkdir()
    (fresh / "data" / "pg.new" / "PG_VERSION").write_text("1")
    assert up(fresh, "with-services", "--no-sync", "--", "python", "-c", "").returncode == 0
    assert not (fresh / "data" / "pg.new").exists()


def test_a_lock_file_of_another_program_is_removed(tmp_path):
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n/somewhere\n")
    postgres.clear_stale_pid(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()


def test_a_long_or_unusual_path_gets_a_short_socket_folder(tmp_path):
    for name in ("a" * 100, "پوشه", "with space"):
        data = tmp_path / name
        data.mkdir()
        run = layout.run_folder(data, None)
        assert len(os.fsencode(run)) + len(layout.LONGEST_SOCKET_NAME) < layout.SOCKET_PATH_LIMIT
        assert layout.PLAIN_PATH.fullmatch(str(run))
        assert run.stat().st_mode & 0o777 == 0o700
        run.rmdir()


def test_the_wheel_is_of_the_major_we_pin():
    assert binaries.postgres_major() == "18"


def test_restarts_wait_longer_after_each_fall(tmp_path):
    child = Child("x", ["/bin/false"], {}, tmp_path)
    child.start()
    child.wait(5)
    pauses = [child.schedule_restart() for _ in range(12)]
    assert pauses[:4] == [0.2, 0.4, 0.8, 1.6]
    assert pauses[-1] == 30.0


def test_stopping_a_child_stops_what_it_started(tmp_path):
    note = tmp_path / "pid"
    child = Child("shell", ["/bin/sh", "-c", f"sleep 600 & echo $! > {note}; wait"], {"PATH": os.defpath}, tmp_path)
    child.start()
    wait_for(lambda: note.exists() and note.read_text().strip())
    grandchild = int(note.read_text())
    child.stop()
    wait_for(lambda: gone(grandchild), 5)


def test_the_last_words_of_a_log(tmp_path):
    log = tmp_path / "x.log"
    log.write_text("start\nFATAL:  could not write: No space left on device\nLOG: bye\n")
    assert last_words(log) == "FATAL:  could not write: No space left on device"
    assert last_words(tmp_path / "none.log") == ""

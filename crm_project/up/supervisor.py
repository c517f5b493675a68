"""The running product: services, web server, worker and beat as children of one process."""

import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from crm_project.env import BASE_DIR
from crm_project.up import checks, services, state, steps
from crm_project.up.keeper import SERVICES, Keeper, Stopped
from crm_project.up.layout import Layout, UpError
from crm_project.up.process import Child, last_words, say
from crm_project.up.services import Wanted

SETTINGS = "crm_project.settings.dev"
CELERY = (sys.executable, "-m", "celery", "--app", "crm_project")
WEB_PATIENCE = 90
WATCHED = ("*.py", "*/*.py", "*/*/*.py", "*/*/*/*.py", "*/*/*/*/*.py", "locale/*/LC_MESSAGES/*.po")
SCAN_EVERY = 10  # ticks between two looks at the sources in `make dev`


def run(*, reload: bool = False, seed: bool = True) -> None:
    """Bring everything up and keep it up until a stop signal; returns after a clean stop.

    Raises UpError with one clear sentence when it cannot come up.
    """
    need = services.wanted()
    where = services.folders(need)
    host, port = os.environ.get("HOST") or "127.0.0.1", checks.parse_port(os.environ.get("PORT") or "8000")
    with state.lock(where.var) as ours:
        if not ours:
            running = state.read(where.var)
            raise UpError(
                f"It already runs from this folder at {running.get('address')} (process {running.get('pid')})."
            )
        state.clean_leftovers(where.var)
        held = checks.hold_port(host, port)
        keeper = Keeper(where.var, address(host, port))
        keeper.listen()
        try:
            bring_up(keeper, need, where, held, reload=reload, seed=seed)
            keep_up(keeper, where, reload=reload)
        except Stopped:
            say("Stopping ...")
        finally:
            held.close()
            keeper.stop()


def address(host: str, port: int) -> str:
    """What a person opens in the browser."""
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def bring_up(keeper: Keeper, need: Wanted, where: Layout, held: socket.socket, *, reload: bool, seed: bool) -> None:
    """Start the services, do the steps, start the product, wait for its first answer and say where it is."""
    note = checks.missing_library()
    if note:
        say(note)
    services.start(need, where, keeper)
    env = services.environment(need, where, SETTINGS)
    env |= {"DEBUG": "1"} if reload else {"STATIC_MANIFEST": "1"}
    env |= {"SUPERVISED": "1", "SITE_FALLBACK": keeper.address}
    first = [steps.migrate(need, where), steps.catalogue(), None if reload else steps.static()]
    steps.run(keeper, where, env, first)
    company = steps.demo(need, where)
    steps.run(keeper, where, env, [company] if seed else [])
    host, port = held.getsockname()[:2]
    held.close()
    web = keeper.start(web_server(where, env, host, port, quiet=not reload))
    for child in workers(where, env, quiet=not reload):
        keeper.start(child)
    logins = demo_logins(keeper, where, env) if company is not None and company.done else ""
    if not keeper.wait_until(lambda: responds(keeper.address), web, WEB_PATIENCE):
        words = last_words(web.log) if web.log else web.exit_reason()
        raise UpError(f"The web server did not start: {words} (log: {where.shown(where.log('web'))})")
    say(f"\nPeyvand runs at {keeper.address}  (Ctrl-C stops it; logs are in {where.shown(where.logs)})")
    if logins:
        say(logins)


def web_server(where: Layout, env: Mapping[str, str], host: str, port: int, *, quiet: bool) -> Child:
    """The production server with two worker processes (WEB_WORKERS, WEB_THREADS)."""
    return Child(
        name="web",
        argv=web_command(host, port, env.get("WEB_WORKERS", "2"), env.get("WEB_THREADS", "2")),
        env=env,
        cwd=BASE_DIR,
        log=where.log("web") if quiet else None,
        death_signal=signal.SIGTERM,
    )


def web_command(host: str, port: int, workers: str = "2", threads: str = "2") -> list[str]:
    """The command line of the web server, the same for `make run`, the bench and a server's own unit file.

    Two threads each: a streamed export holds one for as long as its reader takes.
    """
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "crm_project.wsgi:application"),
        *("--host", host, "--port", str(port), "--workers", workers, "--blocking-threads", threads, "--no-ws"),
        *("--blocking-threads-idle-timeout", "600"),  # a thread keeps its database connection
        *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"),
    ]


def workers(where: Layout, env: Mapping[str, str], *, quiet: bool) -> list[Child]:
    """The Celery workers, one (two processes) for what must not wait and one for long jobs, and the beat."""
    schedule = where.var / "beat-schedule"
    commands = {
        "worker": worker_command("urgent,default", env.get("WORKERS", "2")),
        "bulk": worker_command("bulk", env.get("BULK_WORKERS", "1")),
        "beat": [*CELERY, "beat", "--loglevel", "INFO", "--pidfile", "", "--schedule", str(schedule)],
    }
    return [
        Child(name, argv, env, BASE_DIR, log=where.log(name) if quiet else None, patience=15)
        for name, argv in commands.items()
    ]


def worker_command(queues: str, processes: str) -> list[str]:
    """The command line of a worker of some queues; a name of its own lets several live on one machine."""
    name = f"{queues.partition(',')[0]}@%h"
    return [
        *(*CELERY, "worker", "--loglevel", "INFO", "--hostname", name, "--queues", queues),
        *("--concurrency", processes, "--without-gossip", "--without-mingle"),
    ]


def demo_logins(keeper: Keeper, where: Layout, env: Mapping[str, str]) -> str:
    """What `manage.py demo --logins` says; empty when it fails, for the product runs without it."""
    asked = steps.command(where, env, "demo", "--logins")
    try:
        keeper.run_all([asked])
    except UpError:
        return ""
    return asked.log.read_text().strip() if asked.log else ""


def responds(url: str) -> bool:
    """Whether the web server answers its health question."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def keep_up(keeper: Keeper, where: Layout, *, reload: bool) -> None:
    """Look after the children for ever; with reload, start the product again when a source file changes."""
    seen = sources() if reload else {}
    ticks = 0
    while True:
        keeper.sleep()
        ticks += 1
        if reload and ticks % SCAN_EVERY == 0 and (now := sources()) != seen:
            changed = sorted(str(path.relative_to(BASE_DIR)) for path in now if now[path] != seen.get(path))
            say(f"Reloading: {', '.join(changed[:3]) or 'a file was removed'}")
            seen = now
            restart(keeper, where)


def restart(keeper: Keeper, where: Layout) -> None:
    """Compile the catalogue if it changed, stop the product's own processes and start them again at once."""
    apps = [child for child in keeper.children if child.name not in SERVICES]
    try:
        steps.run(keeper, where, apps[0].env, [steps.catalogue()])
    except UpError as error:
        say(str(error))
    keeper.stop_all(apps)
    for child in apps:
        keeper.restart(child)


def sources() -> dict[Path, int]:
    """The project's Python files and translations, and when they were written."""
    skipped = {"var", "tests", "bench", "node_modules"}
    found: dict[Path, int] = {}
    for pattern in WATCHED:
        for path in BASE_DIR.glob(pattern):
            top = path.relative_to(BASE_DIR).parts[0]
            if top not in skipped and not top.startswith("."):
                found[path] = path.stat().st_mtime_ns
    return found

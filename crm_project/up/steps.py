"""What is done before the first request: migrate, compile the catalogue, collect static files, seed the demo company.

A step whose inputs have not changed since its last success is skipped: that makes the second start quick.
"""

import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from crm_project.env import BASE_DIR, VAR_DIR
from crm_project.up import postgres
from crm_project.up.keeper import Keeper
from crm_project.up.layout import Layout
from crm_project.up.process import Child, say
from crm_project.up.services import Wanted

REQUIREMENTS = BASE_DIR / "requirements.txt"
MIGRATION_PATIENCE = 60
TEMPLATE = "peyvand_template"


@dataclass(frozen=True)
class Step:
    """A management command with the stamp that says it is done (no stamp: always run)."""

    command: tuple[str, ...]
    said: str
    stamp: Path | None = None
    mark: str = ""
    output: Path | None = None

    @property
    def done(self) -> bool:
        """Whether the last success saw the same inputs and what it made is still there."""
        if self.stamp is None or not self.stamp.exists() or (self.output is not None and not self.output.exists()):
            return False
        return self.stamp.read_text() == self.mark

    def finish(self) -> None:
        """Leave the stamp."""
        if self.stamp is not None:
            self.stamp.parent.mkdir(parents=True, exist_ok=True)
            self.stamp.write_text(self.mark)


def fingerprint(files: Iterable[Path]) -> str:
    """Hash of names and contents."""
    digest = hashlib.sha256()
    for path in sorted(set(files)):
        digest.update(str(path.relative_to(BASE_DIR)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def files(*patterns: str) -> list[Path]:
    """Files of the project; what is made (`var`) or hidden (`.venv`) is no source."""
    found = [path for pattern in patterns for path in BASE_DIR.glob(pattern) if path.is_file()]
    return [path for path in found if not path.relative_to(BASE_DIR).parts[0].startswith((".", "var"))]


def migrate(need: Wanted, where: Layout) -> Step:
    """Bring the database up to date; a database that is not ours is always asked."""
    mark = fingerprint([REQUIREMENTS, *files("*/migrations/*.py", "*/sql/*.sql")])
    stamp = where.data / "stamps" / f"migrate-{need.name}" if need.database else None
    return Step(("migrate", "--noinput", "--verbosity", "0"), "Migrating the database ...", stamp, mark)


def template(keeper: Keeper, need: Wanted, where: Layout, env: dict[str, str]) -> None:
    """A migrated database that test databases are copied from: migrating takes long, copying half a second."""
    if not need.database:
        return
    copied = replace(need, name=TEMPLATE)
    step = migrate(copied, where)
    if not step.done:
        postgres.ensure_database(where.run, TEMPLATE, anew=True)
        run(keeper, where, env | {"DATABASE_URL": postgres.url(where.run, TEMPLATE)}, [step])
    env["TEST_TEMPLATE"] = TEMPLATE


def catalogue() -> Step:
    """Compile the Persian translations; they lie in the clone, whichever folder the data is in."""
    compiled = BASE_DIR / "locale" / "fa" / "LC_MESSAGES" / "django.mo"
    mark = fingerprint(files("locale/*/LC_MESSAGES/*.po"))
    return Step(("compile_catalogue",), "Compiling translations ...", VAR_DIR / "stamps" / "catalogue", mark, compiled)


def static() -> Step:
    """Collect static files with hashed names."""
    mark = fingerprint([REQUIREMENTS, *files("static/**/*", "*/static/**/*")])
    manifest = VAR_DIR / "static" / "staticfiles.json"
    command = ("collectstatic", "--noinput", "--verbosity", "0")
    return Step(command, "Collecting static files ...", VAR_DIR / "stamps" / "static", mark, manifest)


def demo(need: Wanted, where: Layout) -> Step | None:
    """Seed the demo company once, into an embedded database only; someone's own database is left alone."""
    if not need.database or not has_command("demo"):
        return None
    stamp = where.data / "stamps" / f"demo-{need.name}"
    return Step(("demo", "--if-empty"), "Seeding the demo company (once) ...", stamp, "seeded")


def has_command(name: str) -> bool:
    """Whether one of the project's apps brings a management command."""
    return any(BASE_DIR.glob(f"*/management/commands/{name}.py"))


def command(where: Layout, env: Mapping[str, str], *argv: str) -> Child:
    """A management command as a child with a log of its own, begun anew each time."""
    log = where.log(argv[0])
    log.unlink(missing_ok=True)
    return Child(argv[0], [sys.executable, "manage.py", *argv], env, BASE_DIR, log=log, patience=MIGRATION_PATIENCE)


def run(keeper: Keeper, where: Layout, env: Mapping[str, str], steps: Iterable[Step | None]) -> None:
    """Run side by side the steps that are not done yet, then leave their stamps."""
    todo = [step for step in steps if step is not None and not step.done]
    for step in todo:
        say(step.said)
    keeper.run_all([command(where, env, *step.command) for step in todo])
    for step in todo:
        step.finish()

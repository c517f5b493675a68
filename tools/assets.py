"""Vendor the browser assets: `make assets` fetches the pinned npm tarballs and writes what the pages use.

The vendored files are committed, so nobody needs Node to run the product; this tool is for raising a version.
With `--check` it only compares the committed files with the lock file.
It writes `static/vendor/**`, `static/icons/sprite.svg` and `static/vendor/vendor.lock.json` (version, licence, sha256).
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
LOCK = VENDOR / "vendor.lock.json"
SPRITE = ROOT / "static" / "icons" / "sprite.svg"
# Hashed static storage follows these comments and stops at the missing map files.
SOURCE_MAP = re.compile(rb"\s*(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")


@dataclass(frozen=True)
class Package:
    """One npm package: its pinned version and the files taken from it, as {path in the tarball: name here}."""

    name: str
    version: str
    folder: str
    files: dict[str, str]


PACKAGES = [
    Package(
        "@tabler/core",
        "1.6.1",
        "tabler",
        {
            "dist/css/tabler.min.css": "tabler.min.css",
            "dist/css/tabler.rtl.min.css": "tabler.rtl.min.css",
            "dist/css/tabler-vendors.min.css": "tabler-vendors.min.css",
            "dist/css/tabler-vendors.rtl.min.css": "tabler-vendors.rtl.min.css",
            "dist/js/tabler.min.js": "tabler.min.js",
        },
    ),
    Package(
        "tom-select",
        "2.6.2",
        "tom-select",
        {
            "dist/js/tom-select.complete.min.js": "tom-select.complete.min.js",
            "dist/css/tom-select.bootstrap5.min.css": "tom-select.bootstrap5.min.css",
            "LICENSE": "LICENSE",
        },
    ),
    Package("sortablejs", "1.15.7", "sortablejs", {"Sortable.min.js": "Sortable.min.js", "LICENSE": "LICENSE"}),
    Package("echarts", "6.1.0", "echarts", {"dist/echarts.min.js": "echarts.min.js", "LICENSE": "LICENSE"}),
    Package(
        "vazirmatn",
        "33.0.3",
        "vazirmatn",
        {
            "fonts/webfonts/Vazirmatn[wght].woff2": "Vazirmatn-wght.woff2",
            "fonts/webfonts/Vazirmatn-Regular.woff2": "Vazirmatn-Regular.woff2",
            "fonts/webfonts/Vazirmatn-Bold.woff2": "Vazirmatn-Bold.woff2",
            "OFL.txt": "OFL.txt",
        },
    ),
]
ICON_PACKAGE = Package("@tabler/icons", "3.51.0", "tabler-icons", {"LICENSE": "LICENSE"})
ICON_LIST = ROOT / "tools" / "icons.txt"
# The product's own mark, kept beside the icons so that one cached file serves both.
LOGO = (
    '<symbol id="logo" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round">'
    '<path d="M13.9 7.6a5.4 5.4 0 1 0 -.6 8.2"/><path d="M10.1 16.4a5.4 5.4 0 1 0 .6 -8.2"/></symbol>'
)


def fetch(package: Package, folder: Path) -> tarfile.TarFile:
    """Download one package's tarball with `npm pack` and open it."""
    npm = shutil.which("npm")
    if not npm:
        sys.exit("npm is needed to refresh the assets; running the product does not need it.")
    spec = f"{package.name}@{package.version}"
    done = subprocess.run(  # noqa: S603 - a fixed program and the pinned names above
        [npm, "pack", "--silent", spec], cwd=folder, check=True, capture_output=True, text=True
    )
    return tarfile.open(folder / done.stdout.strip().splitlines()[-1])


def read(archive: tarfile.TarFile, path: str) -> bytes:
    """Return one file of a tarball."""
    member = archive.extractfile(f"package/{path}")
    if member is None:
        raise FileNotFoundError(path)
    return member.read()


def vendor(package: Package, archive: tarfile.TarFile) -> dict[str, object]:
    """Write a package's files and return its entry of the lock file."""
    target = VENDOR / package.folder
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    digests = {}
    for path, name in package.files.items():
        data = read(archive, path)
        if name.endswith((".css", ".js")):
            data = SOURCE_MAP.sub(b"", data) + b"\n"
        (target / name).write_bytes(data)
        digests[name] = hashlib.sha256(data).hexdigest()
    about = json.load(io.BytesIO(read(archive, "package.json")))
    return {"version": package.version, "licence": about["license"], "folder": package.folder, "sha256": digests}


def symbol(archive: tarfile.TarFile, name: str) -> str:
    """Return one outline icon as an SVG symbol."""
    svg = read(archive, f"icons/outline/{name}.svg").decode()
    paths = re.findall(r"<(?:path|circle|rect|line|polyline|ellipse)\b[^>]*/>", svg)
    body = "".join(path for path in paths if 'd="M0 0h24v24H0z"' not in path).replace(" />", "/>")
    shape = 'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" {shape}>{body}</symbol>'


def write_sprite(archive: tarfile.TarFile) -> None:
    """Write every listed icon and the logo into one sprite."""
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    symbols = [LOGO, *(symbol(archive, name) for name in ICON_LIST.read_text().split())]
    SPRITE.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")


def changed_files() -> list[str]:
    """Return the vendored files that are missing or differ from the lock file."""
    found = []
    for entry in json.loads(LOCK.read_text()).values():
        for name, digest in entry["sha256"].items():
            path = VENDOR / entry["folder"] / name
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                found.append(f"{entry['folder']}/{name}")
    return found


def refresh() -> None:
    """Fetch everything and write the lock file."""
    lock = {}
    with tempfile.TemporaryDirectory() as scratch:
        for package in [*PACKAGES, ICON_PACKAGE]:
            with fetch(package, Path(scratch)) as archive:
                lock[package.name] = vendor(package, archive)
                if package is ICON_PACKAGE:
                    write_sprite(archive)
            sys.stdout.write(f"{package.name} {package.version}\n")
    LOCK.write_text(json.dumps(lock, indent=2, sort_keys=True) + "\n")


def main() -> None:
    """Refresh, or with `--check` compare."""
    if "--check" not in sys.argv[1:]:
        refresh()
    elif changed := changed_files():
        sys.exit("These differ from vendor.lock.json: " + ", ".join(changed))


if __name__ == "__main__":
    main()

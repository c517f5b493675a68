"""The browser's side kept in order: vendored files, icons, modules, style sheets."""

import json
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

from crm_project.storage import CompressedStorage, HashedStorage

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "static"
OWN_CSS = sorted((STATIC / "css").glob("*.css"))
OWN_JS = sorted((STATIC / "js").rglob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PHYSICAL = re.compile(
    r"^\s*(?:(?:margin|padding|border)-(?:left|right)|(?:left|right)|float:\s*(?:left|right))\b", re.MULTILINE
)


def test_vendored_files_equal_their_lock() -> None:
    assets = runpy.run_path(str(ROOT / "tools" / "assets.py"))
    assert assets["changed_files"]() == []


def test_every_icon_of_a_template_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons" / "sprite.svg").read_text()))
    used = {(name, path.name) for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert {pair for pair in used if pair[0] not in sprite} == set()


def test_every_behaviour_named_in_a_template_has_its_module() -> None:
    known = set(re.findall(r'import\("\./behaviors/([\w-]+)\.js"\)', (STATIC / "js" / "app.js").read_text()))
    assert known == {path.stem for path in (STATIC / "js" / "behaviors").glob("*.js")}
    for path in TEMPLATES:
        text = re.sub(r"{%.*?%}", " ", path.read_text())
        for names in re.findall(r'data-behavior="([^"]*)"', text):
            assert set(names.split()) <= known, path


@pytest.mark.parametrize("path", OWN_CSS, ids=lambda path: path.name)
def test_style_sheets_use_logical_properties(path: Path) -> None:
    assert PHYSICAL.findall(path.read_text()) == []


def test_templates_hold_no_inline_code() -> None:
    inline = re.compile(r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=|javascript:")
    for path in TEMPLATES:
        assert not inline.search(re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)), (
            path
        )


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node to parse modules")
@pytest.mark.parametrize("path", OWN_JS, ids=lambda path: path.stem)
def test_modules_parse(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / f"{path.stem}.mjs"
    copy.write_text(path.read_text())
    subprocess.run(["node", "--check", str(copy)], check=True)


def test_hashed_modules_import_each_other_by_their_hashed_names(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "crm_project.storage.HashedStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = list((tmp_path / "js").rglob("*.????????????.js"))
    assert len(hashed) == len(OWN_JS)
    for path in hashed:
        for target in re.findall(r"""(?:from|import\()\s*"(\.[^"]+)\"""", path.read_text()):
            assert re.search(r"\.[0-9a-f]{12}\.js$", target), (path.name, target)
            assert (path.parent / target).resolve().exists(), (path.name, target)


@pytest.mark.parametrize("storage", [HashedStorage, CompressedStorage])
def test_an_address_is_reckoned_once(settings, tmp_path: Path, storage: type) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").write_text(
        json.dumps({"version": "1.1", "hash": "", "paths": {"css/a.css": "css/a.0123456789ab.css"}})
    )
    found = storage()
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        found.url("css/b.css")
    assert found.url("css/a.css").endswith("/css/a.0123456789ab.css")
    found.hashed_files = {}
    assert found.url("css/a.css").endswith("/css/a.0123456789ab.css")

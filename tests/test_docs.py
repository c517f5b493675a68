"""The documentation: links lead somewhere, both languages have the same pages, pictures are light."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
HEAVIEST = 150 * 1024  # bytes


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text()) if "://" not in target]
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_the_guide_has_the_same_pages_in_both_languages() -> None:
    guide = ROOT / "docs" / "user"
    assert {page.name for page in (guide / "fa").glob("*.md")} == {page.name for page in (guide / "en").glob("*.md")}


def test_every_picture_is_shown_and_light() -> None:
    words = "".join(page.read_text() for page in PAGES)
    for picture in (ROOT / "docs" / "user" / "img").iterdir():
        assert picture.stat().st_size < HEAVIEST, picture.name
        assert picture.name in words, f"{picture.name} is shown nowhere"


def test_the_recipe_and_the_plan_name_files_that_exist() -> None:
    for page in ("architecture.md", "adding-a-model.md"):
        for name in re.findall(
            r"`((?:core|users|crm_project|tests|static|templates)/[\w/.]+\.\w+)`", (ROOT / "docs" / page).read_text()
        ):
            assert (ROOT / name).exists() or name.endswith("test_visits.py"), f"{page}: {name}"

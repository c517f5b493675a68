"""The Persian catalogue: complete, consistent, and compiled without gettext."""

import gettext
import re
import shutil

import polib
import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from core import catalogue

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
UNTIDY = re.compile(r"[يكۀٔ]|\.\.\.| (?:ها|های|می) |[\u0660-\u0669]")


@pytest.fixture
def source(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    path = tmp_path / "fa" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture(scope="module")
def book():
    return catalogue.read(project.BASE_DIR / "locale" / "fa" / "LC_MESSAGES" / "django.po")


def compiled(source):
    with source.with_suffix(".mo").open("rb") as handle:
        return gettext.GNUTranslations(handle)


def texts(entry):
    return [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed: apt-get install gettext")
def test_every_sentence_of_the_code_has_its_persian(capsys):
    call_command("messages")
    assert "Every sentence has its Persian." in capsys.readouterr().out


def test_there_is_one_catalogue_and_nothing_in_it_is_doubtful(book):
    assert [path.name for path in (project.BASE_DIR / "locale").rglob("*.po")] == ["django.po"]
    assert [entry.msgid for entry in book] == sorted(
        (entry.msgid for entry in book), key=lambda text: (text.casefold(), text)
    )
    assert len(catalogue.usable(book)) == len(book)


def test_translations_keep_the_values_of_the_sentence(book):
    wrong = [
        entry.msgid
        for entry in book
        for text in texts(entry)
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid))
    ]
    assert wrong == []


def test_translations_are_written_one_way(book):
    assert [entry.msgid for entry in book if any(UNTIDY.search(text) for text in texts(entry))] == []


def test_compiling_needs_no_gettext(source):
    source.write_text(
        HEADER
        + 'msgid "Save"\nmsgstr "ذخیره"\n\nmsgctxt "month"\nmsgid "May"\nmsgstr "مه"\n\n'
        + 'msgctxt "right"\nmsgid "May"\nmsgstr "می‌تواند"\n\n'
        + 'msgid "%(n)s team"\nmsgid_plural "%(n)s teams"\nmsgstr[0] "%(n)s تیم"\nmsgstr[1] "%(n)s تیم"\n'
    )
    call_command("compile_catalogue", verbosity=0)
    found = compiled(source)
    assert found.gettext("Save") == "ذخیره"
    assert (found.pgettext("month", "May"), found.pgettext("right", "May")) == ("مه", "می‌تواند")
    assert found.ngettext("%(n)s team", "%(n)s teams", 5) == "%(n)s تیم"


def test_fuzzy_and_empty_entries_are_left_out(source):
    source.write_text(HEADER + '#, fuzzy\nmsgid "One"\nmsgstr "یک"\n\nmsgid "Two"\nmsgstr ""\n')
    call_command("compile_catalogue", verbosity=0)
    assert compiled(source).gettext("One") == "One"


@pytest.mark.parametrize(
    "text", ["this is no catalogue\n", HEADER + 'msgid "A"\nmsgstr "ا"\n\nmsgid "A"\nmsgstr "ب"\n']
)
def test_broken_catalogue_is_one_clear_line(source, text):
    source.write_text(text)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("compile_catalogue", verbosity=0)


def test_updating_keeps_translations_and_drops_dead_sentences(source):
    source.write_text(HEADER + 'msgid "Stage"\nmsgstr "مرحله"\n\nmsgid "Gone"\nmsgstr "رفته"\n')
    extracted = [
        polib.POEntry(msgid="Stage", occurrences=[("leads/a.py", "3"), ("leads/a.py", "9")]),
        polib.POEntry(msgid="Lead"),
        polib.POEntry(msgid="Stage", msgctxt="board"),
    ]
    book = catalogue.read(source)
    assert [entry.msgid for entry in catalogue.missing(book, extracted)] == ["Lead", "Stage"]
    assert catalogue.update(book, extracted, source) == catalogue.Update(added=2, dropped=1)
    after = catalogue.read(source)
    assert [(entry.msgid, entry.msgstr) for entry in after] == [("Lead", ""), ("Stage", "مرحله"), ("Stage", "")]
    assert after[1].occurrences == [("leads/a.py", "")]

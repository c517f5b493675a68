"""Merging and compiling the Persian fragments."""

import gettext

import pytest
from django.core.management import CommandError, call_command

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def folder(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    (tmp_path / "fa" / "LC_MESSAGES").mkdir(parents=True)
    return tmp_path / "fa"


def compiled(folder):
    with (folder / "LC_MESSAGES" / "django.mo").open("rb") as handle:
        return gettext.GNUTranslations(handle)


def test_fragments_and_main_file_become_one(folder):
    (folder / "LC_MESSAGES" / "django.po").write_text(HEADER + 'msgid "Save"\nmsgstr "ذخیره"\n')
    (folder / "leads.po").write_text(HEADER + 'msgid "Lead"\nmsgstr "سرنخ"\n')
    (folder / "users.po").write_text(
        HEADER + 'msgid "%(n)s team"\nmsgid_plural "%(n)s teams"\nmsgstr[0] "%(n)s تیم"\nmsgstr[1] "%(n)s تیم"\n'
    )
    call_command("compile_catalogue", verbosity=0)
    found = compiled(folder)
    assert (found.gettext("Save"), found.gettext("Lead")) == ("ذخیره", "سرنخ")
    assert found.ngettext("%(n)s team", "%(n)s teams", 5) == "%(n)s تیم"


def test_context_keeps_words_apart(folder):
    (folder / "a.po").write_text(
        HEADER + 'msgctxt "month"\nmsgid "May"\nmsgstr "مه"\n\nmsgctxt "right"\nmsgid "May"\nmsgstr "می‌تواند"\n'
    )
    call_command("compile_catalogue", verbosity=0)
    assert compiled(folder).pgettext("right", "May") == "می‌تواند"
    assert compiled(folder).pgettext("month", "May") == "مه"


def test_contradiction_is_told_and_the_first_wins(folder, capsys):
    (folder / "a.po").write_text(HEADER + 'msgid "Stage"\nmsgstr "مرحله"\n')
    (folder / "b.po").write_text(HEADER + 'msgid "Stage"\nmsgstr "گام"\n')
    call_command("compile_catalogue", verbosity=0)
    assert "Stage" in capsys.readouterr().err
    assert compiled(folder).gettext("Stage") == "مرحله"
    with pytest.raises(CommandError, match="1 contradictions"):
        call_command("compile_catalogue", "--strict", verbosity=0)


def test_fuzzy_and_empty_entries_are_left_out(folder):
    (folder / "a.po").write_text(HEADER + '#, fuzzy\nmsgid "One"\nmsgstr "یک"\n\nmsgid "Two"\nmsgstr ""\n')
    call_command("compile_catalogue", verbosity=0)
    assert compiled(folder).gettext("One") == "One"


def test_broken_fragment_is_one_clear_line(folder):
    (folder / "a.po").write_text("this is no catalogue\n")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("compile_catalogue", verbosity=0)


def test_no_fragments_at_all(folder):
    call_command("compile_catalogue", verbosity=0)
    assert compiled(folder).gettext("Anything") == "Anything"

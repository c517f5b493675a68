"""The house rules a machine can hold: scope, templates, safety, sizes, and an audit entry for every writing service."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "core",
    "users",
    "exchange",
    "accounts",
    "catalog",
    "messaging",
    "activities",
    "opportunities",
    "leads",
    "reports",
    "demo",
)
READING_ROOMS = ("views", "tables", "panels", "search")
FUNCTION_LINES, FILE_LINES, TEMPLATE_LINES = 50, 500, 150
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
MACHINE_PATH = re.compile(r"/(?:home|root|tmp|work|Users)/[A-Za-z0-9._-]+/")
ALLOWED_MARK_SAFE = ("core/",)
WITHOUT_ENTRY = {
    "core/notifications.py:notify": "a notification is not a change of a record; its sender leaves the entry",
    "core/notifications.py:send": "the same, for many at once",
    "messaging/services/preferences.py:notification_settings_save": "how one wants to be told is nobody else's business",
    "messaging/services/preferences.py:preferences_save": "the same",
    "messaging/services/preferences.py:mute_set": "the same",
    "messaging/services/preferences.py:mute_end": "the same",
    "activities/services/reminders.py:reminders_refresh": "follows the activity, whose own service leaves the entry",
    "activities/services/watching.py:record_watch": "whom one follows is nobody else's business",
    "activities/services/watching.py:record_unwatch": "the same",
    "activities/services/reminders.py:reminders_choose": "part of saving the activity, which leaves the entry",
    "activities/services/reminders.py:reminder_defaults_save": "how one wants to be told is nobody else's business",
    "activities/services/digest.py:digest_write": "a mail to oneself changes no record",
    "core/jobs.py:start": "the job's own row tells who asked for what",
    "core/jobs.py:cancel": "the job's own row tells it was cancelled",
}


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders or APPS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_files() -> Iterator[Path]:
    for path in python_files():
        if path.stem in READING_ROOMS or any(part in READING_ROOMS for part in path.parent.parts[-2:]):
            yield path


def templates() -> list[Path]:
    return [*sorted((ROOT / "templates").rglob("*.html")), *sorted((ROOT / "core" / "templates").rglob("*.html"))]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node


def chain(node: ast.AST) -> list[str]:
    """The names of an attribute chain, outermost last: Lead.objects.filter → [Lead, objects, filter]."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            names.append(node.id)
            break
        else:
            break
    return names[::-1]


def unscoped_reads(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """`.objects.` and `.all_objects.` that are not followed by `for_user`, inside functions."""
    inner: set[int] = set()
    for function in functions(tree):
        for node in ast.walk(function):
            if not isinstance(node, ast.Attribute | ast.Call) or id(node) in inner:
                continue
            names = chain(node)
            for child in ast.walk(node):
                if child is not node:
                    inner.add(id(child))
            for manager in ("objects", "all_objects"):
                if manager in names:
                    after = names[names.index(manager) + 1 :]
                    if after and after[0] not in {"for_user", "none"}:
                        yield node.lineno, ".".join(names)


# A settings page or a person's own row reads without a scope by right of the page itself; each is named with its reason.
UNSCOPED_ALLOWED = {
    "users/views/own.py": "one's own row, and the company's public logo",
    "leads/views/capture.py": "public pages: whoever knows the form's address may fill it in",
    "accounts/tables.py": "kinds are open to all; jobs are prefetched for rows that are already scoped",
}


@pytest.mark.parametrize("path", list(room_files()), ids=name)
def test_reads_of_pages_are_scoped(path):
    found = [f"{line}: {text}" for line, text in unscoped_reads(ast.parse(path.read_text()))]
    if name(path) in UNSCOPED_ALLOWED:
        return
    assert not found, f"{name(path)} reads without for_user: {found}"


@pytest.mark.parametrize("path", templates(), ids=name)
def test_templates_hold_no_code_of_their_own(path):
    text = re.sub(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", "", path.read_text(), flags=re.DOTALL)
    found = [match.group(0) for match in INLINE.finditer(text)]
    assert not found, f"{name(path)}: {found}"
    assert len(text.splitlines()) <= TEMPLATE_LINES


def test_templates_are_translated_by_tags_not_by_words():
    persian = re.compile(r"[آ-ی]{3,}")
    for path in templates():
        text = re.sub(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|{#.*?#}", "", path.read_text(), flags=re.DOTALL)
        words = [w for w in persian.findall(text) if w != "فارسی"]
        assert not words, f"{name(path)}: {words}"


def test_mark_safe_stays_in_core():
    for path in python_files():
        if not name(path).startswith(ALLOWED_MARK_SAFE):
            assert "mark_safe" not in path.read_text(), name(path)


def test_nothing_prints_outside_commands():
    for path in python_files():
        if "commands" in path.parts or "up" in path.parts:
            continue
        calls = [n.lineno for n in ast.walk(ast.parse(path.read_text())) if _is_print(n)]
        assert not calls, f"{name(path)}: {calls}"


def _is_print(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def test_functions_and_files_stay_small():
    long = []
    for path in python_files(*APPS, "crm_project"):
        text = path.read_text()
        if len(text.splitlines()) > FILE_LINES:
            long.append(f"{name(path)}: {len(text.splitlines())} lines")
        for function in functions(ast.parse(text)):
            size = (function.end_lineno or 0) - function.body[0].lineno + 1  # a keyword-only signature is not code
            if size > FUNCTION_LINES:
                long.append(f"{name(path)}:{function.name}: {size} lines")
    assert not long, long


def test_no_path_of_a_machine_is_written_down():
    tracked = [*python_files(*APPS, "crm_project", "tests"), *templates(), *sorted((ROOT / "docs").rglob("*.md"))]
    for path in tracked:
        found = MACHINE_PATH.findall(path.read_text())
        assert not found, f"{name(path)}: {found}"


def test_wildcard_imports_are_for_settings_only():
    for path in python_files(*APPS, "tests"):
        stars = [n.lineno for n in ast.walk(ast.parse(path.read_text())) if _is_star(n)]
        assert not stars, f"{name(path)}: {stars}"


def _is_star(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)


def test_commands_that_are_named_exist():
    """What the documents and the list of phony targets name is a target, told by ``make help``."""
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == targets
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        named = set(re.findall(r"(?:`|^)make ([a-z-]+)", path.read_text(), re.MULTILINE))
        assert named <= targets, f"{name(path)}: {sorted(named - targets)}"


def service_files() -> Iterator[Path]:
    yield from (ROOT / "core" / file for file in ("services.py", "jobs.py", "notifications.py"))
    for path in python_files():
        if path.stem == "services" or path.parent.name == "services":
            yield path


def _is_atomic(function: ast.FunctionDef) -> bool:
    return any("atomic" in chain(decorator) for decorator in function.decorator_list)


def _calls(function: ast.FunctionDef) -> set[str]:
    return {names[-1] for node in ast.walk(function) if isinstance(node, ast.Call) and (names := chain(node))}


def _writes_entry(function: ast.FunctionDef) -> bool:
    return any(
        chain(node)[-2:] in (["audit", "action"], ["", "action"])
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    )


def test_every_writing_service_leaves_an_audit_entry():
    """Directly by ``audit.action``, or by a function of the services that does."""
    known: dict[str, list[ast.FunctionDef]] = {}
    public: list[tuple[str, ast.FunctionDef]] = []
    for path in dict.fromkeys(service_files()):
        for function in ast.parse(path.read_text()).body:
            if isinstance(function, ast.FunctionDef):
                known.setdefault(function.name, []).append(function)
                if _is_atomic(function) and not function.name.startswith("_"):
                    public.append((f"{name(path)}:{function.name}", function))
    entering = {n for n, found in known.items() if any(_writes_entry(f) for f in found)}
    while True:
        more = {n for n, found in known.items() if n not in entering and any(_calls(f) & entering for f in found)}
        if not more:
            break
        entering |= more
    silent = [label for label, function in public if function.name not in entering and label not in WITHOUT_ENTRY]
    assert not silent, silent
    assert len(public) > 30


def test_writing_services_are_atomic_and_named_by_keyword():
    """Public functions of the services that write take keywords only, and none takes a request or a form."""
    for path in service_files():
        for function in ast.parse(path.read_text()).body:
            if not isinstance(function, ast.FunctionDef) or not _is_atomic(function):
                continue
            arguments = [a.arg for a in (*function.args.args, *function.args.kwonlyargs)]
            assert not function.args.args or function.name.startswith("_"), f"{name(path)}:{function.name}"
            assert "request" not in arguments, f"{name(path)}:{function.name}"

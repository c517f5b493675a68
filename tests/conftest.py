"""Fixtures for every test: real PostgreSQL and Valkey from the environment, no network, Chromium if there is one."""

import os

import pytest
from pytest_django.plugin import blocking_manager_key

pytest.register_assert_rewrite("core.testing")

from tests import isolation  # noqa: E402
from tests.fixtures import (  # noqa: E402, F401
    admin,
    company,
    executive,
    manager,
    marketer,
    nobody,
    outsider,
    rep,
    support,
    teammate,
)
from tests.world import world  # noqa: E402, F401

CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in the test's thread


def pytest_configure(config: pytest.Config) -> None:
    """Stop with one clear line when there are no services to test with."""
    if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
        pytest.exit("No services to test with. Run: make test (or make test-fast ARGS=tests/leads)", returncode=4)
    isolation.block_foreign_sockets()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip browser tests, saying why, where there is no Chromium."""
    from crm_project.up import browser

    packages = " ".join(browser.missing())
    for item in items:
        if packages and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=f"missing: apt-get install {packages}"))


COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences"}


def commits(item: pytest.Item) -> bool:
    """Whether the test writes for real, so that the database is flushed after it."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or bool(
        COMMITTING & set(getattr(item, "fixturenames", ()))
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item):
    """Put the default data back that a flush took."""
    from django.db import connection

    result = yield
    if commits(item) and connection.settings_dict["NAME"].startswith("test_"):  # after the last test it may be gone
        from core.testing.seeds import reseed

        with item.config.stash[blocking_manager_key].unblock():
            reseed()
    return result


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End the sessions that a live server's threads still hold: a database in use cannot be dropped."""
    from django.db import connection

    yield
    connection.close()  # a test may have ended this very session
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def own_cache() -> None:
    """An empty cache for each test."""
    isolation.new_cache()


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path) -> None:
    """Files a test stores end with it."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium, also as root."""
    from crm_project.up import browser

    return {"executable_path": browser.find(), "args": CHROMIUM_ARGS}

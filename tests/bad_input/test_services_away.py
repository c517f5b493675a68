"""Cache and broker down, the database restarting: pages answer, nothing is half-done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from core.models import AuditEntry, Notification
from core.testing.forms import form_data
from crm_project.celery import app as celery_app
from leads.models import Lead
from leads.services import lead_create
from tests.bad_input.helpers import check_language, fill
from tests.users.factories import UserFactory
from users.models import User

pytestmark = pytest.mark.django_db

LISTS = (
    "/leads/",
    "/accounts/",
    "/accounts/contacts/",
    "/catalog/products/",
    "/opportunities/",
    "/opportunities/board/",
)


class TestValkeyDown:
    """Neither cache nor broker answers: pages do, and nothing of the work is lost."""

    @pytest.fixture(autouse=True)
    def dead(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        nowhere = "redis://127.0.0.1:1/0"
        settings.REDIS_URL = settings.CELERY_BROKER_URL = nowhere
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": nowhere}}
        monkeypatch.setitem(celery_app.conf, "task_always_eager", False)
        monkeypatch.setitem(celery_app.conf, "broker_url", nowhere)

    def test_pages_answer_and_work_goes_on(self, desk: Client, person: User) -> None:
        for url in ("/my-day/", *LISTS, "/search/?q=سلام", "/notifications/", "/jobs/"):
            assert desk.get(url).status_code == 200, url
        assert fill(desk, "/leads/add/", last_name="رضایی").status_code == 302
        lead = Lead.objects.get()
        assert fill(desk, f"{lead.get_absolute_url()}edit/", city="قم").status_code == 302
        assert AuditEntry.objects.filter(code="lead.created").count() == 1

    def test_handing_over_still_tells_the_colleague(self, desk: Client, person: User, rep: User) -> None:
        lead = lead_create(actor=person, last_name="رضایی")
        answer = fill(desk, f"{lead.get_absolute_url()}assign/", owner=str(rep.pk))
        assert answer.status_code == 302
        assert Notification.objects.filter(recipient=rep).count() == 1


@pytest.mark.django_db(transaction=True)
class TestDatabaseRestarting:
    """Connections are cut between two requests: the next one works, and a cut write is done wholly or not at all."""

    def cut(self) -> None:
        """End every other connection of this database, and this one from another."""
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        other.close()

    def test_the_next_request_works(self, django_user_model: Any) -> None:
        admin = UserFactory(email="cut@example.com", is_superuser=True, is_staff=True)
        client = Client(raise_request_exception=False)
        client.force_login(admin)
        assert client.get("/leads/").status_code == 200
        self.cut()
        first = client.get("/leads/", headers={"Accept-Language": "fa"})
        if first.status_code != 200:  # the test client keeps one connection for what would be two requests
            assert first.status_code == 503
            check_language(first, "fa")
        connection.close()
        assert client.get("/leads/").status_code == 200

    def test_a_write_that_is_cut_leaves_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        admin = UserFactory(email="cut2@example.com", is_superuser=True, is_staff=True)
        client = Client(raise_request_exception=False)
        client.force_login(admin)
        page = form_data(client.get("/leads/add/").context["form"])
        save: Callable[..., None] = Lead.save

        def cut_after(lead: Lead, *args: Any, **kwargs: Any) -> None:
            save(lead, *args, **kwargs)
            self.cut()

        monkeypatch.setattr(Lead, "save", cut_after)
        answer = client.post("/leads/add/", {**page, "last_name": "رضایی"})
        monkeypatch.undo()
        connection.close()
        assert answer.status_code == 503
        check_language(answer, "fa")
        assert not Lead.all_objects.exists()
        assert not AuditEntry.objects.filter(code="lead.created").exists()

"""Django admin: who comes in, every table in both languages, traced writes, the bin, history."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib import admin as django_admin
from django.test import Client
from django.urls import reverse

from accounts.models import Account, Industry
from core.models import AuditEntry
from tests.users.factories import UserFactory
from users.models import Branch, User

OURS = ("core", "users", "accounts", "catalog", "opportunities", "leads")


def our_models():
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            if not hasattr(model, "pgh_tracked_model"):
                yield model


ALL_MODELS = sorted(our_models(), key=lambda m: m._meta.label_lower)


@pytest.fixture
def office(admin) -> Client:
    """An administrator with a second step, signed in."""
    TOTP.activate(admin, generate_totp_secret())
    client = Client()
    client.force_login(admin)
    return client


def name_of(model, page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


def test_strangers_are_sent_to_the_products_own_sign_in(client, db):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0] == "/auth/login/?next=/admin/"


def test_others_are_refused(client, manager):
    client.force_login(manager)
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_staff_who_are_not_administrators_are_refused(client, db):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_an_administrator_without_a_second_step_is_sent_to_set_it_up(client, admin):
    client.force_login(admin)
    chain = client.get(reverse("admin:index"), follow=True).redirect_chain
    assert reverse("mfa_activate_totp") in [url for url, _status in chain]


def test_the_second_step_can_be_waived_by_a_setting(client, admin, settings):
    settings.ADMIN_REQUIRES_MFA = False
    client.force_login(admin)
    assert client.get(reverse("admin:index")).status_code == 200


def test_signing_out_and_passwords_are_those_of_the_product(office):
    assert office.post(reverse("admin:logout"))["Location"] == reverse("account_logout")
    assert office.get(reverse("admin:password_change"))["Location"] == reverse("account_change_password")


def test_every_table_is_there():
    registered = set(django_admin.site._registry)
    missing = [model._meta.label for model in ALL_MODELS if model not in registered]
    assert not missing


def test_secrets_are_not_shown(office, admin):
    row = Authenticator.objects.get(user=admin)
    page = office.get(reverse("admin:mfa_authenticator_change", args=[row.pk])).content.decode()
    assert row.data["secret"] not in page


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_list_opens_and_searches_and_its_form_opens(office, admin, language):
    User.objects.filter(pk=admin.pk).update(language=language)
    direction = "rtl" if language == "fa" else "ltr"
    for model in ALL_MODELS:
        page = office.get(reverse(name_of(model, "changelist")), {"q": "۱۲"})
        assert page.status_code == 200, model
        assert f'dir="{direction}"' in page.content.decode(), model
        expected = 200 if django_admin.site._registry[model].add_allowed else 403
        assert office.get(reverse(name_of(model, "add"))).status_code == expected, model


def test_every_list_can_be_searched_and_says_how_its_relations_come():
    for model in ALL_MODELS:
        registered = django_admin.site._registry[model]
        assert registered.search_fields, model
        relations = [name for name in registered.list_display if isinstance(name, str) and _is_relation(model, name)]
        assert set(relations) <= set(registered.list_select_related or ()), model


def _is_relation(model, name: str) -> bool:
    return any(f.name == name and f.is_relation for f in model._meta.concrete_fields)


def test_the_form_of_a_row_and_its_history_open(office):
    row = Account.objects.create(name="شرکت نمونه")
    assert office.get(reverse("admin:accounts_account_change", args=[row.pk])).status_code == 200
    history = office.get(reverse("admin:accounts_account_history", args=[row.pk]))
    assert history.status_code == 200
    assert "شرکت نمونه" in history.content.decode()


def test_saving_leaves_an_entry_with_the_changed_row(office, admin):
    row = Industry.objects.create(code="mining-x", name_fa="معدن", name_en="Mining")
    url = reverse("admin:accounts_industry_change", args=[row.pk])
    data = {"code": "mining-x", "name_fa": "معدن‌کاری", "name_en": "Mining", "position": "5", "is_active": "on"}
    assert office.post(url, data).status_code == 302
    entry = AuditEntry.objects.filter(code="admin.saved", object_id=row.pk).get()
    assert entry.actor == admin
    from core.history import event_model

    event = event_model(Industry).objects.filter(pgh_obj_id=row.pk).latest("pgh_id")
    assert event.name_fa == "معدن‌کاری"
    assert event.pgh_context_id == entry.context_id


def test_adding_leaves_an_entry(office, admin):
    assert office.post(reverse("admin:users_branch_add"), {"name": "تبریز", "is_active": "on"}).status_code == 302
    branch = Branch.objects.get(name="تبریز")
    assert AuditEntry.objects.filter(code="admin.saved", object_id=branch.pk, actor=admin).exists()


def test_deleting_a_record_moves_it_to_the_bin_and_back(office, admin):
    row = Account.objects.create(name="شرکت نمونه")
    office.post(reverse("admin:accounts_account_delete", args=[row.pk]), {"post": "yes"})
    assert not Account.objects.filter(pk=row.pk).exists()
    assert Account.all_objects.get(pk=row.pk).deleted_by == admin
    office.post(reverse("admin:accounts_account_changelist"), {"action": "restore", "_selected_action": [str(row.pk)]})
    assert Account.objects.filter(pk=row.pk).exists()


def test_deleting_several_rows_leaves_an_entry_for_each(office):
    rows = [Industry.objects.create(code=f"x{i}", name_fa="آ", name_en="A") for i in range(2)]
    office.post(
        reverse("admin:accounts_industry_changelist"),
        {"action": "delete_selected", "_selected_action": [str(r.pk) for r in rows], "post": "yes"},
    )
    assert not Industry.objects.filter(pk__in=[r.pk for r in rows]).exists()
    assert AuditEntry.objects.filter(code="admin.deleted").count() == 2


def test_the_log_cannot_be_written(office, admin):
    entry = AuditEntry.objects.create(code="settings.changed", actor=admin)
    assert office.get(reverse("admin:core_auditentry_change", args=[entry.pk])).status_code == 200
    assert office.post(reverse("admin:core_auditentry_change", args=[entry.pk]), {}).status_code == 403
    assert office.post(reverse("admin:core_auditentry_delete", args=[entry.pk]), {"post": "yes"}).status_code == 403


def test_related_rows_are_chosen_by_typing(office):
    row = Account.objects.create(name="شرکت نمونه")
    page = office.get(reverse("admin:accounts_account_change", args=[row.pk])).content.decode()
    assert "admin-autocomplete" in page
    answer = office.get(
        reverse("admin:autocomplete"),
        {"app_label": "accounts", "model_name": "account", "field_name": "parent", "term": "نمونه"},
    )
    assert answer.json()["results"][0]["text"] == "شرکت نمونه"


def test_dates_of_the_list_are_in_the_readers_calendar(office, admin):
    import datetime as dt

    from core.models import Holiday

    Holiday.objects.filter(date=dt.date(2026, 3, 21)).update(name="نوروز")
    assert "۱۴۰۵/۰۱/۰۱" in office.get(reverse("admin:core_holiday_changelist"), {"q": "نوروز"}).content.decode()

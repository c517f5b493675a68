"""The contracts of a model's pages. A subclass of fifteen lines in the app's tests names the model and its actors."""

from collections.abc import Iterable
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.db import models
from django.db.models.fields.generated import GeneratedField
from django.test import Client

from core.models import AuditEntry
from core.testing.base import ModelContract
from core.testing.forms import form_data

BOOKKEEPING = {"next_activity_id", "id", "version", "deleted_at", "deleted_by", "updated_at", "created_by", "is_sample"}
BIG_PAGE = 10**9
BIG_PK = 10**18


class CrudContract(ModelContract):
    """List, record, add, edit, delete: each × nobody signed in, no right, the right, a foreign row; with the audit entry.

    ``values`` fill the add form, ``changed`` the edit form. Pages the model does not have are not asked.
    """

    values: ClassVar[dict[str, Any]] = {}
    changed: ClassVar[dict[str, Any]] = {}

    def pages(self, obj: Any) -> dict[str, str]:
        """Action → address, of the pages that exist."""
        found = {action: self.url(action) for action in ("list", "add")}
        found |= {action: self.url(action, obj.pk) for action in ("detail", "edit", "delete")}
        return {action: url for action, url in found.items() if url}

    def actor(self, request: pytest.FixtureRequest, name: str) -> Any:
        """The user of the fixture; a test about somebody who does not exist is skipped by name."""
        if not name:
            pytest.skip("nobody plays this part for the model")
        return request.getfixturevalue(name)

    @pytest.fixture
    def user(self, request: pytest.FixtureRequest) -> Any:
        return self.actor(request, self.seer)

    @pytest.fixture
    def visitor(self, user: Any) -> Client:
        return self.signed_in(user)

    @pytest.fixture
    def obj(self, user: Any) -> Any:
        return self.make(user)

    def test_everybody_must_sign_in(self, obj: Any) -> None:
        for action, url in self.pages(obj).items():
            response = Client().get(url)
            assert response.status_code == 302, action
            assert "/auth/login/" in response["Location"], action

    def test_without_the_right_every_page_is_refused(self, request: pytest.FixtureRequest, obj: Any) -> None:
        stranger = self.signed_in(self.actor(request, self.stranger))
        for action, url in self.pages(obj).items():
            if self.is_open(action):
                continue
            assert stranger.get(url).status_code == 403, action
            if action in {"add", "edit", "delete"}:
                assert stranger.post(url, {}).status_code == 403, action

    def is_open(self, action: str) -> bool:
        """Whether everybody who is signed in may read the page (lists of values)."""
        from core.policies import ReferencePolicy, policy_for

        return action in {"list", "detail"} and isinstance(policy_for(self.model), ReferencePolicy)

    def test_a_foreign_row_is_not_found(self, request: pytest.FixtureRequest, obj: Any) -> None:
        if not self.owned:
            pytest.skip("rows of this model belong to nobody")
        foreigner = self.signed_in(self.actor(request, self.foreigner))
        for action, url in self.pages(obj).items():
            if action in {"detail", "edit", "delete"}:
                assert foreigner.get(url).status_code == 404, action
                if action != "detail":
                    assert foreigner.post(url, {}).status_code == 404, action
        self.model._default_manager.get(pk=obj.pk)

    def test_a_row_that_does_not_exist_is_not_found(self, visitor: Client, obj: Any) -> None:
        for action in ("detail", "edit", "delete"):
            if url := self.url(action, BIG_PK):
                assert visitor.get(url).status_code == 404, action

    def test_the_list_shows_what_one_may_see(self, request: pytest.FixtureRequest, visitor: Client, obj: Any) -> None:
        if not self.url("list"):
            pytest.skip("the model has no list")
        assert obj.pk in self.listed(visitor)
        if self.owned and self.foreigner:
            assert obj.pk not in self.listed(self.signed_in(self.actor(request, self.foreigner)))

    def listed(self, client: Client) -> list[int]:
        """Keys of the rows on the first page of the list."""
        response = client.get(self.url("list"))
        assert response.status_code == 200
        return [row.pk for row in response.context["pager"].rows]

    def test_the_list_answers_nonsense_politely(self, visitor: Client, obj: Any) -> None:
        if not self.url("list"):
            pytest.skip("the model has no list")
        for query in ({"page": BIG_PAGE}, {"page": "x"}, {"sort": "nonsense"}, {"nonsense": "1"}, {"after": "@@"}):
            assert visitor.get(self.url("list"), query).status_code == 200, query
        answer = visitor.get(self.url("list"), headers={"HX-Request": "true", "HX-Target": "results"})
        assert answer.status_code == 200
        assert "<html" not in answer.content.decode()

    def test_the_export_is_a_right_of_its_own(self, user: Any, visitor: Client, obj: Any) -> None:
        from core.policies import can

        if not self.url("list"):
            pytest.skip("the model has no list")
        expected = 200 if can(user, "export", self.model) else 403
        for kind in ("csv", "xlsx"):
            response = visitor.get(self.url("list"), {"export": kind})
            assert response.status_code == expected, kind
            if expected == 200:
                assert b"".join(response.streaming_content)  # type: ignore[attr-defined]

    def test_the_record_opens(self, visitor: Client, obj: Any) -> None:
        if not self.url("detail", obj.pk):
            pytest.skip("the model has no page of its own")
        assert visitor.get(self.url("detail", obj.pk)).status_code == 200

    def test_adding_saves_and_leaves_an_entry(self, visitor: Client, user: Any) -> None:
        if not self.url("add"):
            pytest.skip("the model has no add page")
        known = set(self.model._default_manager.values_list("pk", flat=True))
        response = self.fill_and_post(visitor, self.url("add"), self.values)
        assert response.status_code == 302, self.errors(response)
        made = self.model._default_manager.exclude(pk__in=known).get()
        assert self.entries(made).filter(actor=user).exists()

    def test_editing_saves_and_leaves_an_entry(self, visitor: Client, user: Any, obj: Any) -> None:
        if not self.url("edit", obj.pk):
            pytest.skip("the model has no edit page")
        response = self.fill_and_post(visitor, self.url("edit", obj.pk), self.changed)
        assert response.status_code == 302, self.errors(response)
        obj.refresh_from_db()
        for name, value in self.changed.items():
            stored = getattr(obj, name)
            assert str(getattr(stored, "pk", stored)) == str(value), name
        assert self.entries(obj).filter(actor=user).exists()

    def test_a_stale_edit_shows_both_versions(self, visitor: Client, obj: Any) -> None:
        if not hasattr(obj, "version") or not self.url("edit", obj.pk):
            pytest.skip("the model has no versions")
        url = self.url("edit", obj.pk)
        data = {**form_data(visitor.get(url).context["form"]), **self.changed}
        obj.save()
        before = self.model._default_manager.get(pk=obj.pk).version  # type: ignore[attr-defined]
        response = visitor.post(url, data)
        assert response.status_code == 409
        assert response.context["conflict"]["rows"]
        assert self.model._default_manager.get(pk=obj.pk).version == before  # type: ignore[attr-defined]

    def test_deleting_asks_first_and_leaves_an_entry(self, visitor: Client, user: Any, obj: Any) -> None:
        url = self.url("delete", obj.pk)
        if not url:
            pytest.skip("the model has no delete page")
        assert visitor.get(url).status_code == 200
        assert self.model._default_manager.filter(pk=obj.pk).exists()
        assert visitor.post(url).status_code == 302
        assert not self.model._default_manager.filter(pk=obj.pk).exists()
        assert self.entries(obj).filter(actor=user).exists()

    def test_the_list_costs_the_same_with_ten_times_the_rows(self, visitor: Client, user: Any) -> None:
        if not self.url("list"):
            pytest.skip("the model has no list")
        for _ in range(3):
            self.make(user)
        few = self.count_queries(visitor, f"{self.url('list')}?size=100")
        for _ in range(27):
            self.make(user)
        visitor.get(self.url("list"))
        many = self.count_queries(visitor, f"{self.url('list')}?size=100")
        assert many == few, f"{few} queries with 3 rows, {many} with 30"
        self.check_recorded("list", many)

    def test_the_record_costs_no_more_than_recorded(self, visitor: Client, obj: Any) -> None:
        if not self.url("detail", obj.pk):
            pytest.skip("the model has no page of its own")
        self.check_recorded("detail", self.count_queries(visitor, self.url("detail", obj.pk)))

    def fill_and_post(self, client: Client, url: str, values: dict[str, Any]) -> Any:
        """Open the form, change some of its fields, send it."""
        page = client.get(url)
        assert page.status_code == 200
        return client.post(url, {**form_data(page.context["form"]), **values})

    def errors(self, response: Any) -> Any:
        """Why a form was not accepted."""
        form = response.context and response.context.get("form")
        return form.errors if form is not None else response.status_code

    def entries(self, obj: Any) -> models.QuerySet[AuditEntry]:
        """What the log tells of the record."""
        from core import audit

        return audit.entries_of(obj)


class FilterContract(ModelContract):
    """Every stored field of the model has a filter or is exempt by name, and no filter breaks on nonsense."""

    exempt: ClassVar[Iterable[str]] = ()

    def test_every_field_has_a_filter(self) -> None:
        filters = self.view_class("list").filterset_class.base_filters
        covered = {(f.field_name or name).split("__")[0] for name, f in filters.items()} | set(filters)
        fields = {f.name for f in self.model._meta.concrete_fields if not isinstance(f, GeneratedField)}
        fields |= {f.name for f in self.model._meta.many_to_many}
        missing = fields - covered - BOOKKEEPING - set(self.exempt)
        assert not missing, f"no filter for {sorted(missing)}"
        assert set(self.exempt) <= fields, f"exempt but not a field: {sorted(set(self.exempt) - fields)}"

    def test_no_filter_breaks_on_nonsense(self, request: pytest.FixtureRequest) -> None:
        user = request.getfixturevalue(self.seer)
        self.make(user)
        client = self.signed_in(user)
        for name in self.view_class("list").filterset_class.base_filters:
            for value in ("", "nonsense", str(2**63), "۱۴۰۴/۱۲/۳۰", "' or 1=1"):
                for key in (name, f"{name}_from", f"{name}_min"):
                    assert client.get(self.url("list"), {key: value}).status_code == 200, (key, value)


class TableContract(ModelContract):
    """Every column shows its rows, and every sortable one sorts them both ways."""

    def test_every_column_renders(self, request: pytest.FixtureRequest) -> None:
        user = request.getfixturevalue(self.seer)
        self.make(user)
        table = self.view_class("list").table_class
        user.list_columns = {self.model._meta.label_lower: list(table.columns_by_key)}
        user.save()
        response = self.signed_in(user).get(self.url("list"))
        assert response.status_code == 200
        assert {column["key"] for column in response.context["table"].columns} == set(table.columns_by_key)

    def test_chosen_columns_are_remembered(self, request: pytest.FixtureRequest) -> None:
        user = request.getfixturevalue(self.seer)
        key = next(iter(self.view_class("list").table_class.columns_by_key))
        assert self.signed_in(user).post(self.url("list"), {"column": [key]}).status_code == 302
        user.refresh_from_db()
        assert user.list_columns[self.model._meta.label_lower] == [key]

    def test_every_sortable_column_sorts_both_ways(self, request: pytest.FixtureRequest) -> None:
        user = request.getfixturevalue(self.seer)
        for _ in range(3):
            self.make(user)
        client = self.signed_in(user)
        for key, column in self.view_class("list").table_class.columns_by_key.items():
            if not column.order_by:
                continue
            pages = [client.get(self.url("list"), {"sort": s, "size": 100}).context["pager"] for s in (key, f"-{key}")]
            up, down = ([row.pk for row in page.rows] for page in pages)
            if pages[0].has_next:
                assert up[0] != down[0], key
            else:
                assert up == down[::-1], key

    def test_a_hidden_field_is_not_a_column(self, request: pytest.FixtureRequest) -> None:
        rule_model, role_model = apps.get_model("users", "FieldRule"), apps.get_model("users", "Role")
        user = request.getfixturevalue(self.seer)
        table = self.view_class("list").table_class
        names = {f.name for f in self.model._meta.fields}
        key, field = next((k, c.field) for k, c in table.columns_by_key.items() if c.field in names and not c.link)
        if user.is_superuser:
            pytest.skip("nothing is hidden from an administrator")
        for role in role_model.objects.filter(group__user=user):
            rule_model.objects.create(role=role, model=self.model._meta.label_lower, field=field, access="hidden")
        user.list_columns = {self.model._meta.label_lower: list(table.columns_by_key)}
        user.save()
        response = self.signed_in(user).get(self.url("list"))
        assert key not in {column["key"] for column in response.context["table"].columns}

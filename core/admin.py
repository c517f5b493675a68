"""Tables in Django admin: every write traced, the bin, the reader's calendar, search by our keys, history."""

from typing import Any, ClassVar

import pghistory
from django.contrib import admin, messages
from django.db import models
from django.db.models.fields.generated import GeneratedField
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import audit, display, history, services, text
from core.errors import DomainError
from core.fields import PhoneField
from core.forms.fields import local_formfield
from core.models import (
    AuditEntry,
    AuditRelated,
    Currency,
    Holiday,
    Job,
    Notification,
    Organisation,
)
from core.pagination import paginate

LOCAL_FIELDS = (models.DateField, models.TimeField, models.DecimalField)
CODES = ("code", "path", "request_id", "ip", "user_agent", "model", "field")
KEYS = ("search_key", "sort_key", "name_key", "company_key")


class LocalColumn:
    """A date of the list in the reader's calendar."""

    def __init__(self, field: Any):
        self.__name__ = field.name
        self.short_description = field.verbose_name
        self.admin_order_field = field.name
        self._moment = isinstance(field, models.DateTimeField)
        self._name = field.name

    def __call__(self, obj: Any) -> str:
        value = getattr(obj, self._name)
        return display.format_datetime(value) if self._moment else display.format_date(value)


class LtrColumn:
    """A phone, address or code of the list, left to right in both directions."""

    def __init__(self, field: Any):
        self.__name__ = field.name
        self.short_description = field.verbose_name
        self.admin_order_field = field.name
        self._name = field.name

    def __call__(self, obj: Any) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', getattr(obj, self._name))


def local_column(field: Any) -> Any:
    """The field as a column that reads right in both directions and calendars, or just its name."""
    if isinstance(field, models.DateField):
        return LocalColumn(field)
    if isinstance(field, PhoneField | models.EmailField) or field.name in CODES:
        return LtrColumn(field)
    return field.name


class TracedModelAdmin(admin.ModelAdmin):
    """Base of every table's admin.

    What is saved here leaves an audit entry with the changed rows like everywhere else; a record with a bin goes there
    when it is deleted. Related rows are chosen by typing, never from a list of all.
    """

    show_full_result_count = False
    list_per_page = 50
    save_on_top = True
    search_fields: ClassVar[Any] = ("pk",)
    object_history_template = "admin/object_history.html"
    add_allowed: ClassVar[bool] = True
    change_allowed: ClassVar[bool] = True
    delete_allowed: ClassVar[bool] = True

    @property
    def has_bin(self) -> bool:
        """Whether deleting means the bin."""
        return hasattr(self.model, "all_objects")

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self.add_allowed and self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.change_allowed and self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.delete_allowed and self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def get_queryset(self, request: HttpRequest) -> Any:
        manager: Any = getattr(self.model, "all_objects", self.model._default_manager)
        return manager.order_by(*self.get_ordering(request))

    def get_ordering(self, request: HttpRequest) -> Any:
        return super().get_ordering(request) or self.opts.ordering or ("-pk",)

    def get_list_display(self, request: HttpRequest) -> Any:
        names = super().get_list_display(request)
        fields = {f.name: f for f in self.model._meta.concrete_fields}
        shown = set(self.list_editable)
        return [local_column(fields[n]) if n in fields and n not in shown else n for n in names]

    def get_list_filter(self, request: HttpRequest) -> Any:
        given = tuple(super().get_list_filter(request))
        return (*given, ("deleted_at", admin.EmptyFieldListFilter)) if self.has_bin else given

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """Every relation to a table that can be searched."""
        relations = [*self.model._meta.fields, *self.model._meta.many_to_many]
        return [f.name for f in relations if f.is_relation and f.related_model in self.admin_site._registry]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        given = tuple(super().get_readonly_fields(request, obj))
        if obj is None:
            return given
        return (*given, *(f.name for f in self.model._meta.concrete_fields if _told(f) and f.name not in given))

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, LOCAL_FIELDS) and not db_field.choices:
            return local_formfield(db_field, **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By the generated search column where there is one, so that any writing finds and an index answers."""
        if search_term and any(f.name == "search_key" for f in self.model._meta.concrete_fields):
            return queryset.filter(text.search_q("search_key", search_term)), False
        return super().get_search_results(request, queryset, search_term)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """One context around record and related rows, so that the entry tells all of it."""
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with pghistory.context(source="admin"):
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change and hasattr(obj, "created_by_id"):
            obj.created_by = request.user
        params = {"fields": ", ".join(form.changed_data)[:500]}
        with audit.action(
            "admin.saved", actor=request.user, obj=obj if change and _numbered(obj) else None, params=params
        ) as entry:
            super().save_model(request, obj, form, change)
            if _numbered(obj):
                entry.obj = obj

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        if self.has_bin:
            services.object_delete(actor=request.user, instance=obj)
            return
        with audit.action("admin.deleted", actor=request.user, obj=obj if _numbered(obj) else None):
            type(obj)._default_manager.filter(pk=obj.pk).delete()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A record that goes to the bin takes nothing with it."""
        if not self.has_bin:
            return super().get_deleted_objects(objs, request)
        rows = [str(obj) for obj in objs]
        return rows, {self.opts.verbose_name_plural: len(rows)}, set(), []

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        if self.has_bin:
            actions["restore"] = (restore, "restore", _("Restore from the bin"))
        return actions

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> TemplateResponse:
        """What people did, and every change of the row itself, whoever or whatever made it."""
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        entries = audit.entries_of(obj) if _numbered(obj) else AuditEntry.objects.none()
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("History of “%(name)s”") % {"name": obj},
            "object": obj,
            "opts": self.opts,
            "entries": entries[:100],
            "page": self._events(request, obj),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)

    def _events(self, request: HttpRequest, obj: Any) -> Any:
        events = history.event_model(type(obj))
        if events is None:
            return None
        rows = events.objects.filter(pgh_obj_id=obj.pk).select_related("pgh_context")
        page = paginate(rows, ["-pgh_id"], request.GET)
        skipped = {"pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context"}
        for row in page.rows:
            fields = (f for f in row._meta.concrete_fields if f.name not in skipped)
            row.values = [(f.verbose_name, getattr(row, f.attname)) for f in fields]
        return page


def _told(field: Any) -> bool:
    """Whether a field nobody edits is worth showing."""
    if field.name in KEYS or field.primary_key:
        return False
    return isinstance(field, GeneratedField) or not field.editable


def _numbered(obj: Any) -> bool:
    """Whether an audit entry can point to it: its key is a number."""
    return isinstance(obj.pk, int)


def restore(model_admin: Any, request: HttpRequest, queryset: Any) -> None:
    """Take the chosen records out of the bin."""
    for obj in queryset:
        try:
            services.object_restore(actor=request.user, instance=obj)
        except DomainError as error:
            messages.error(request, f"{obj}: {error}")


class ReadOnlyAdmin(TracedModelAdmin):
    """A table that is looked at and never written by hand."""

    add_allowed = change_allowed = delete_allowed = False


class NamedValueAdmin(TracedModelAdmin):
    """Lists of values with a name in both languages."""

    list_display = ("code", "name_fa", "name_en", "position", "is_active")
    list_filter = ("is_active",)
    list_editable = ("position",)
    search_fields = ("code", "name_fa", "name_en")
    ordering = ("position", "pk")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The whole log."""

    list_display = ("at", "actor", "code", "object_label", "content_type", "request_id", "job_id")
    list_filter = ("code", "content_type")
    list_select_related = ("actor", "content_type")
    search_fields = ("object_label", "request_id", "actor__email")


@admin.register(AuditRelated)
class AuditRelatedAdmin(ReadOnlyAdmin):
    """Further records of an entry."""

    list_display = ("entry", "content_type", "object_id")
    list_filter = ("content_type",)
    list_select_related = ("entry", "content_type")
    search_fields = ("object_id",)


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Background work."""

    list_display = ("title", "kind", "owner", "status", "done", "total", "created_at", "finished_at")
    list_filter = ("status", "kind")
    list_select_related = ("owner",)
    search_fields = ("title", "kind", "owner__email")


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """What the bells showed."""

    list_display = ("recipient", "code", "created_at", "read_at")
    list_filter = ("code",)
    list_select_related = ("recipient",)
    search_fields = ("recipient__email", "code")


@admin.register(Organisation)
class OrganisationAdmin(TracedModelAdmin):
    """The company's one row; the logo is changed on the settings page, which checks the picture."""

    list_display = ("name_fa", "name_en", "national_id", "base_currency")
    list_filter = ("fiscal_calendar",)
    list_select_related = ("base_currency",)
    search_fields = ("name_fa", "name_en")
    readonly_fields = ("logo",)
    add_allowed = delete_allowed = False


@admin.register(Currency)
class CurrencyAdmin(TracedModelAdmin):
    """Currencies and their rates."""

    list_display = ("code", "name_fa", "name_en", "rate", "is_active")
    list_filter = ("is_active",)
    search_fields = ("code", "name_fa", "name_en")


@admin.register(Holiday)
class HolidayAdmin(TracedModelAdmin):
    """Days off."""

    list_display = ("date", "name", "is_estimated")
    list_filter = ("is_estimated",)
    search_fields = ("name",)
    ordering = ("-date",)

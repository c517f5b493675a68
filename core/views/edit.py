"""Create, edit, delete, and one-service actions."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import audit, display, history, services
from core.errors import DomainError, PermissionRefused, StaleRecord
from core.forms.base import BaseModelForm, begin_with_capitals
from core.parsing import read_key
from core.views.base import ModelMixin, ObjectMixin, PageView, hx_redirect, safe_return_url
from core.views.detail import field_html


class FormView(PageView):
    """Shows a form, answers a bad one with 422 and the words typed, and a good one with ``save`` and a redirect."""

    template_name = "generic/form.html"
    dialog_template_name = "generic/_dialog.html"
    request: HttpRequest

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        return self.render_form(self.get_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        form = self.get_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_form(form, status=422)
        try:
            return self.save(form)
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except StaleRecord as error:
            return self.render_form(form, status=409, conflict=self.conflict(form, error))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self.render_form(form, status=422)

    def prepare(self) -> None:
        """Load what the view works on."""

    def save(self, form: Any) -> HttpResponse:
        raise NotImplementedError

    def conflict(self, form: Any, error: StaleRecord) -> dict[str, Any]:
        """Both versions, field by field, for a stale save."""
        return {}

    def render_form(self, form: Any, status: int = 200, **context: Any) -> HttpResponse:
        begin_with_capitals(form)
        template = self.dialog_template_name if self.is_dialog else self.template_name
        data = self.get_context_data(form=form, return_url=safe_return_url(self.request, ""), **context)
        return self.response_class(self.request, [template], data, status=status, using=self.template_engine)

    @property
    def is_dialog(self) -> bool:
        """Whether HTMX asked for the form inside a dialog."""
        htmx = getattr(self.request, "htmx", None)
        return bool(htmx) and self.request.headers.get("HX-Target") == "dialog"


class _ModelFormView(FormView):
    form_class: ClassVar[type[BaseModelForm]]
    object: Any = None

    duplicates_url_name: ClassVar[str] = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            list_url=self.url("list"),  # type: ignore[attr-defined]
            list_label=self.model._meta.verbose_name_plural,  # type: ignore[attr-defined]
            cancel_url=self.object.get_absolute_url() if self.object else self.url("list"),  # type: ignore[attr-defined]
            duplicates_url=reverse(self.duplicates_url_name) if self.duplicates_url_name else "",
            **kwargs,
        )

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return self.form_class(data, files, instance=self.object, user=self.request.user, initial=self.get_initial())

    def get_initial(self) -> dict[str, Any]:
        """First values; relations may come from the address (``?account=5``)."""
        return {}


class ObjectCreateView(ModelMixin, _ModelFormView):
    """A page that makes a record."""

    permission = "add"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(can_add_another=not self.is_dialog, **kwargs)

    def get_title(self) -> str:
        return str(self.title or _("New %(name)s") % {"name": self.model._meta.verbose_name})

    def get_initial(self) -> dict[str, Any]:
        names = {f.name for f in self.model._meta.get_fields()}
        given = {k: v for k, v in self.request.GET.items() if k in names}
        if "owner" in names and "owner" not in given:
            given["owner"] = self.request.user.pk
        return given

    def save(self, form: Any) -> HttpResponse:
        instance = self.save_object(form)
        messages.success(self.request, _("“%(name)s” was saved.") % {"name": instance})
        if "add_another" in self.request.POST:
            return hx_redirect(self.request, self.request.get_full_path())
        default = instance.get_absolute_url() or self.url("list")
        return hx_redirect(self.request, safe_return_url(self.request, default))

    def save_object(self, form: Any) -> models.Model:
        """Call the service that makes the record."""
        instance = form.save(commit=False)
        return services.object_save(actor=self.request.user, instance=instance, save_m2m=form.save_m2m)


class ObjectUpdateView(ObjectMixin, _ModelFormView):
    """A page that changes a record, with the optimistic lock."""

    permission = "change"

    def prepare(self) -> None:
        self.object = self.get_object()

    def get_title(self) -> str:
        return str(self.title or _("Edit %(name)s") % {"name": self.object})

    def save(self, form: Any) -> HttpResponse:
        instance = self.save_object(form)
        messages.success(self.request, _("“%(name)s” was saved.") % {"name": instance})
        default = instance.get_absolute_url() or self.url("list")
        return hx_redirect(self.request, safe_return_url(self.request, default))

    def save_object(self, form: Any) -> models.Model:
        """Call the service that changes the record."""
        instance = form.save(commit=False)
        return services.object_save(
            actor=self.request.user,
            instance=instance,
            expected_version=self.expected_version(form),
            save_m2m=form.save_m2m,
        )

    def expected_version(self, form: Any) -> int | None:
        """The version the form was opened with, or the one whose difference was shown and is to be overwritten."""
        forced = read_key(self.request.POST.get("force_version", ""))
        return form.expected_version if forced is None else forced

    def conflict(self, form: Any, error: StaleRecord) -> dict[str, Any]:
        current = error.data["current"]
        base = history.as_of(current, form.expected_version)
        rows = []
        for name in form.changed_data:
            if name == "_version" or name not in form.fields:
                continue
            model_field: Any = current._meta.get_field(name)
            mine = form.cleaned_data.get(name)
            if model_field.many_to_many:
                continue
            yours = type(current)(**{name: mine})
            theirs_html, yours_html = field_html(current, model_field), field_html(yours, model_field)
            if theirs_html != yours_html:
                before_html = field_html(base, model_field) if base is not None else ""
                rows.append((capfirst(model_field.verbose_name), yours_html, theirs_html, before_html))
        last = audit.entries_of(current).first()
        return {
            "rows": rows,
            "version": current.version,
            "who": last.actor if last else "",
            "when_html": display.format_datetime(current.updated_at),
            "reload_url": self.request.path,
        }


class ObjectDeleteView(ObjectMixin, PageView):
    """Asks first, then moves the record to the bin; the message offers to undo."""

    permission = "delete"
    template_name = "generic/confirm.html"
    dialog_template_name = "generic/_dialog.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        obj = self.get_object()
        consequences = [_("It goes to the bin, from where it can be restored.")] if hasattr(obj, "deleted_at") else []
        question = _("Delete “%(name)s”?") % {"name": obj}
        context = {
            **self.get_context_data(),
            "object": obj,
            "view_title": question,
            "question": question,
            "intro": " ".join(consequences),
            "consequences": consequences,
            "confirm_label": _("Delete"),
            "submit_label": _("Delete"),
            "danger": True,
            "cancel_url": obj.get_absolute_url(),
        }
        template = self.dialog_template_name if getattr(request, "htmx", None) else self.template_name
        return self.response_class(request, [template], context, using=self.template_engine)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        obj = self.get_object()
        try:
            self.delete(obj)
        except DomainError as error:
            messages.error(request, str(error))
            return hx_redirect(request, obj.get_absolute_url() or self.url("list"))
        tags = ""
        if hasattr(obj, "deleted_at"):
            tags = f"undo:{reverse('restore', args=[obj._meta.label_lower, obj.pk])}"
        messages.success(request, _("“%(name)s” was moved to the bin.") % {"name": obj}, extra_tags=tags)
        return hx_redirect(request, safe_return_url(request, self.url("list") or "/"))

    def delete(self, obj: Any) -> None:
        """Call the service that deletes the record."""
        services.object_delete(actor=self.request.user, instance=obj)


class ObjectActionView(ObjectMixin, FormView):
    """One button, one service. Without ``form_class`` a POST does it at once; with one, a dialog asks first."""

    http_method_names = ("get", "post", "head", "options")
    form_class: ClassVar[Any] = None
    success_message: ClassVar[Any] = ""
    object: Any = None

    def prepare(self) -> None:
        self.object = self.get_object()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.form_class is None:
            return HttpResponse(status=405, headers={"Allow": "POST"})
        return super().get(request, *args, **kwargs)

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return self.form_class(data, **self.get_form_kwargs())

    def get_form_kwargs(self) -> dict[str, Any]:
        """More arguments for the form."""
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.form_class is not None:
            return super().post(request, *args, **kwargs)
        self.prepare()
        try:
            return self.save(None)
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except DomainError as error:
            messages.error(request, str(error))
            return hx_redirect(request, self.get_success_url())

    def save(self, form: Any) -> HttpResponse:
        data = form.cleaned_data if form is not None else {}
        undo = self.perform(**data)
        if self.success_message:
            messages.success(
                self.request,
                str(self.success_message) % {"name": self.object},
                extra_tags=f"undo:{undo}" if undo else "",
            )
        return hx_redirect(self.request, self.get_success_url())

    def perform(self, **data: Any) -> str | None:
        """Call the service; may return the address that undoes it."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        """Where to go afterwards."""
        return safe_return_url(self.request, self.object.get_absolute_url())

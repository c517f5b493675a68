"""Small pages and endpoints of the frame: panels, typeahead, palette, bell, jobs, history, access, bin."""

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic.base import View

from core import audit, history, hosts, jobs, navigation, panels, search, services, text
from core.errors import DomainError
from core.models import Job
from core.pagination import paginate
from core.policies import all_policies, policy_for
from core.views.base import MAX_PK, PageView

TYPEAHEAD_LIMIT = 20


def record_model(label: str) -> type[models.Model]:
    """The model of "app.model" when it has a policy, else 404."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise Http404 from error
    if model not in {policy.model for policy in all_policies()} or not hasattr(model._default_manager, "for_user"):
        raise Http404
    return model


def visible_object(request: HttpRequest, label: str, pk: int, action: str = "view", *, bin_too: bool = False) -> Any:
    """The record when the user may do the action on it, else 404."""
    model = record_model(label)
    manager: Any = model.all_objects if bin_too and hasattr(model, "all_objects") else model._default_manager
    obj = manager.for_user(request.user, action).filter(pk=min(pk, MAX_PK)).first()
    if obj is None:
        raise Http404
    return obj


def visible_host(request: HttpRequest, label: str, pk: int, action: str = "view") -> Any:
    """The same for a host (``core.hosts``), else 404."""
    if hosts.find(label) is None:
        raise Http404
    return visible_object(request, label, pk, action)


class PanelView(LoginRequiredMixin, View):
    """One panel of a record page."""

    def get(self, request: HttpRequest, label: str, pk: int, slug: str) -> HttpResponse:
        obj = visible_object(request, label, pk)
        panel = panels.find(label, slug)
        if panel is None:
            raise Http404
        if not panel.visible(request.user, obj):
            raise PermissionDenied
        return HttpResponse(panel.render(request, obj))


class TypeaheadView(LoginRequiredMixin, View):
    """Records of a model by a few typed letters, for a form field: only what the user may see.

    Rows that are parts of others (links, attempts, bookings) are never chosen, and would name what hangs on them.
    """

    def get(self, request: HttpRequest, label: str) -> JsonResponse:
        model = record_model(label)
        if not policy_for(model).actions:
            raise Http404
        manager: Any = model._default_manager
        rows = manager.for_user(request.user, "view")
        names = {f.name for f in model._meta.get_fields()}
        query = text.clean(request.GET.get("q", ""))[: text.MAX_QUERY_LENGTH]
        if "is_active" in names:
            rows = rows.filter(is_active=True)
        if query and "search_key" in names:
            rows = search.open_to(rows.filter(text.search_q("search_key", query)), query, request.user)
        elif query:
            rows = rows.filter(_name_q(names, query))
        found = list(rows.order_by("-pk" if "search_key" in names else "pk")[:TYPEAHEAD_LIMIT])
        hidden = request.user.hidden_fields(label)
        return JsonResponse(
            {"results": [{"value": str(r.pk), "text": str(r), "hint": _hint(r, hidden)} for r in found]}
        )


def _name_q(names: set[str], query: str) -> models.Q:
    condition = models.Q(pk__in=[])
    for name in ("name", "name_fa", "name_en", "first_name", "last_name", "email", "title"):
        if name in names:
            condition |= models.Q(**{f"{name}__icontains": query})
    return condition


def _hint(row: Any, hidden: Collection[str]) -> str:
    names = (name for name in ("mobile", "phone", "code") if name not in hidden)
    return str(next((value for name in names if (value := getattr(row, name, ""))), f"#{row.pk}"))


class PaletteView(LoginRequiredMixin, View):
    """What the palette shows: records, pages and actions for the words typed."""

    template_name = "inc/_palette_results.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        from django.shortcuts import render

        query = request.GET.get("q", "")
        groups = search.find(request.user, query)
        groups += _links(_("New"), navigation.new_menu(request.user), query)
        groups += _links(_("Pages"), navigation.pages(request.user), query)
        return render(request, self.template_name, {"groups": groups, "query": query})


def _links(label: str, links: list[navigation.NavLink], query: str) -> list[search.Group]:
    wanted = text.tight(query)
    items = [
        search.Hit(x.url, x.label, "", x.icon, 0, x.dialog)
        for x in links
        if not wanted or wanted in text.tight(x.label)
    ]
    return [search.Group(label, items)] if items else []


class SearchView(LoginRequiredMixin, PageView):
    """The palette's results as a page."""

    template_name = "core/search.html"

    def get_title(self) -> str:
        return _("Search")

    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.GET.get("q", "")
        groups = search.find(request.user, query, search.PAGE_LIMIT)
        return self.render_to_response(self.get_context_data(query=query, groups=groups))


class JobListView(LoginRequiredMixin, PageView):
    """One's own jobs."""

    template_name = "core/job_list.html"

    def get_title(self) -> str:
        return _("Background jobs")

    def get(self, request: HttpRequest) -> HttpResponse:
        page = paginate(Job.objects.for_user(request.user), ["-created_at", "-pk"], request.GET)
        return self.render_to_response(self.get_context_data(pager=page))


class JobDetailView(LoginRequiredMixin, PageView):
    """Progress, result and the cancel button of a job; HTMX polls the part that moves."""

    template_name = "core/job_detail.html"
    partial_template_name = "core/_job.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = _own_job(request, pk)
        context = self.get_context_data(job=job, view_title=job.title)
        template = self.partial_template_name if getattr(request, "htmx", None) else self.template_name
        return self.response_class(request, [template], context, using=self.template_engine)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(), **kwargs}

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = _own_job(request, pk)
        try:
            jobs.cancel(actor=request.user, job=job)
        except DomainError as error:
            messages.error(request, str(error))
        return redirect(job.get_absolute_url())


class JobFileView(LoginRequiredMixin, View):
    """The file a job made, for its owner."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        from django.http import FileResponse

        job = _own_job(request, pk)
        if not job.file:
            raise Http404
        return FileResponse(job.file.open("rb"), as_attachment=True, filename=job.file.name.rsplit("/", 1)[-1])  # type: ignore[return-value]


def _own_job(request: HttpRequest, pk: int) -> Job:
    job = Job.objects.for_user(request.user).filter(pk=min(pk, MAX_PK)).first()
    if job is None:
        raise Http404
    return job


class HistoryView(LoginRequiredMixin, PageView):
    """Everything that happened to a record, with each changed field."""

    template_name = "core/history.html"

    def get(self, request: HttpRequest, label: str, pk: int) -> HttpResponse:
        obj = visible_object(request, label, pk)
        page = paginate(audit.entries_of(obj), ["-at", "-pk"], request.GET)
        changes = history.changes_of(obj, page.rows, hidden=request.user.hidden_fields(label))
        entries = [(entry, audit.told_to(request.user, entry), changes.get(entry.pk, [])) for entry in page.rows]
        title = _("History of “%(name)s”") % {"name": obj}
        return self.render_to_response(
            {**self.get_context_data(object=obj, pager=page, entries=entries), "view_title": title}
        )


class AccessView(LoginRequiredMixin, PageView):
    """Why the user sees this record, and what may be done with it."""

    template_name = "core/access.html"

    def get(self, request: HttpRequest, label: str, pk: int) -> HttpResponse:
        obj = visible_object(request, label, pk)
        policy = policy_for(type(obj))
        rows = [
            {
                "action": action,
                "level": policy.level(request.user, action),
                "allowed": policy.allows(request.user, action, obj),
            }
            for action in policy.actions
        ]
        title = _("Why do I see “%(name)s”?") % {"name": obj}
        return self.render_to_response({**self.get_context_data(object=obj, rows=rows), "view_title": title})


class BinView(LoginRequiredMixin, PageView):
    """Deleted records of a model that the user may restore."""

    template_name = "core/bin.html"

    def get(self, request: HttpRequest, label: str) -> HttpResponse:
        model: Any = record_model(label)
        if not hasattr(model, "all_objects"):
            raise Http404
        if not policy_for(model).can(request.user, "delete"):
            raise PermissionDenied
        rows = model.all_objects.for_user(request.user, "delete").in_bin().select_related("deleted_by")
        page = paginate(rows, ["-deleted_at", "-pk"], request.GET)
        title = _("Bin: %(name)s") % {"name": model._meta.verbose_name_plural}
        return self.render_to_response({**self.get_context_data(pager=page, label=label), "view_title": title})


class RestoreView(LoginRequiredMixin, View):
    """Take a record out of the bin."""

    def post(self, request: HttpRequest, label: str, pk: int) -> HttpResponse:
        obj = visible_object(request, label, pk, "delete", bin_too=True)
        if not hasattr(obj, "deleted_at"):
            raise Http404
        try:
            services.object_restore(actor=request.user, instance=obj)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(reverse("bin", args=[label]))
        messages.success(request, _("“%(name)s” was restored.") % {"name": obj})
        return redirect(obj.get_absolute_url() or reverse("bin", args=[label]))

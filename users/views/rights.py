"""Roles, their rights and field rules, and what somebody sees and why."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.parsing import read_key
from core.views import (
    FormView,
    ObjectCreateView,
    ObjectDeleteView,
    ObjectListView,
    ObjectMixin,
    ObjectUpdateView,
    PageView,
)
from core.views.base import hx_redirect
from users import selectors, services
from users.filters import RoleFilterSet
from users.forms import AccessUserForm, FieldRulesForm, GrantsForm, RoleForm
from users.models import Role, User
from users.tables import RoleTable


class RoleListView(ObjectListView):
    """The roles of the company."""

    model = Role
    table_class = RoleTable
    filterset_class = RoleFilterSet

    def get_queryset(self) -> Any:
        return super().get_queryset().annotate(member_count=Count("group__user", filter=Q(group__user__is_active=True)))


class RoleCreateView(ObjectCreateView):
    """A new role, without rights at first."""

    model = Role
    form_class = RoleForm

    def save_object(self, form: Any) -> Role:
        return services.role_save(actor=self.request.user, role=form.save(commit=False))


class RoleUpdateView(ObjectUpdateView):
    """Names and demands of a role, with the ways to its rights and fields."""

    model = Role
    form_class = RoleForm
    template_name = "users/role_form.html"

    def save_object(self, form: Any) -> Role:
        return services.role_save(actor=self.request.user, role=form.save(commit=False))


class RoleDeleteView(ObjectDeleteView):
    """Remove a role nobody has."""

    model = Role

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        role = self.get_object()
        try:
            services.role_delete(actor=request.user, role=role)
        except DomainError as error:
            messages.error(request, str(error))
            return hx_redirect(request, role.get_absolute_url())
        messages.success(request, _("“%(name)s” was deleted.") % {"name": role})
        return hx_redirect(request, self.url("list"))


class _RolePartView(ObjectMixin, FormView):
    """A further page of a role."""

    model = Role
    permission = "change"

    def prepare(self) -> None:
        self.role = self.get_object()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            role=self.role,
            list_url=reverse("users:role_list"),
            list_label=Role._meta.verbose_name_plural,
            cancel_url=self.role.get_absolute_url(),
            **kwargs,
        )


class RoleRightsView(_RolePartView):
    """The table of rights."""

    template_name = "users/role_rights.html"

    def get_title(self) -> str:
        return _("Rights of “%(name)s”") % {"name": self.role}

    def get_form(self, data: Any = None, files: Any = None) -> GrantsForm:
        return GrantsForm(data, role=self.role)

    def save(self, form: Any) -> HttpResponse:
        count = services.role_grants_set(actor=self.request.user, role=self.role, scopes=form.scopes())
        messages.success(self.request, _("Changed rights: %(count)s") % {"count": count})
        return hx_redirect(self.request, self.request.path)


class RoleFieldsView(_RolePartView):
    """Field rules of one kind of record at a time."""

    template_name = "users/role_fields.html"

    def get_title(self) -> str:
        return _("Fields for “%(name)s”") % {"name": self.role}

    @cached_property
    def host(self) -> type[models.Model]:
        """The kind of record chosen, the first one without a choice."""
        known = {model._meta.label_lower: model for model in selectors.rule_models()}
        wanted = self.request.GET.get("model") or next(iter(known))
        if wanted not in known:
            raise Http404
        return known[wanted]

    def get_form(self, data: Any = None, files: Any = None) -> FieldRulesForm:
        return FieldRulesForm(data, role=self.role, model=self.host)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hosts = [
            (f"?model={m._meta.label_lower}", m._meta.verbose_name_plural, m is self.host)
            for m in selectors.rule_models()
        ]
        return super().get_context_data(hosts=hosts, host_name=self.host._meta.verbose_name_plural, **kwargs)

    def save(self, form: Any) -> HttpResponse:
        label = self.host._meta.label_lower
        count = services.field_rules_set(actor=self.request.user, role=self.role, model=label, rules=form.cleaned_data)
        messages.success(self.request, _("Changed field rules: %(count)s") % {"count": count})
        return hx_redirect(self.request, self.request.get_full_path())


class AccessView(LoginRequiredMixin, PageView):
    """What does this person see, and why. One's own for everybody, the team's for its leader, all for administrators."""

    template_name = "users/access.html"

    def get_title(self) -> str:
        return _("What does this person see, and why?")

    def get(self, request: HttpRequest) -> HttpResponse:
        subject = self.subject(request)
        people = selectors.inspectable_users(user=request.user)
        form = AccessUserForm({"user": subject.pk}, viewer=request.user)
        context = self.get_context_data(
            subject=subject,
            form=form,
            people=people.order_by("first_name", "last_name")[:200] if people.count() > 1 else [],
            roles=selectors.roles_of(subject=subject),
            rows=selectors.access_report(user=request.user, subject=subject),
            second_step=selectors.second_step_ready(user=subject),
        )
        return self.render_to_response(context)

    def subject(self, request: HttpRequest) -> User:
        """Whom the page is about: oneself unless another one is asked for."""
        wanted = request.GET.get("user", "")
        if not wanted:
            return request.user  # type: ignore[return-value]
        found = selectors.inspectable_users(user=request.user).filter(pk=read_key(wanted) or 0).first()
        if found is None:
            raise Http404
        return found

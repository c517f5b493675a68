"""People, teams and branches."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.policies import allows
from core.views import (
    Action,
    Badge,
    Fact,
    FieldGroup,
    ObjectActionView,
    ObjectCreateView,
    ObjectDeleteView,
    ObjectDetailView,
    ObjectListView,
    ObjectUpdateView,
    QuickFilter,
)
from users import selectors, services
from users.filters import BranchFilterSet, TeamFilterSet, UserFilterSet
from users.forms import BranchForm, TeamForm, UserForm, UserInviteForm
from users.models import Branch, Team, User
from users.tables import BranchTable, TeamTable, UserTable


class UserListView(ObjectListView):
    """Everybody who logs in."""

    model = User
    table_class = UserTable
    filterset_class = UserFilterSet
    empty_hint = gettext_lazy("Invite your colleagues: each gets a mail with a link to choose a password.")

    def get_quick_filters(self) -> list[QuickFilter]:
        return [
            self.quick(_("Active"), is_active="true"),
            self.quick(_("Closed"), is_active="false"),
            self.quick(_("Administrators"), is_staff="true"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(create_label=_("Invite"), **kwargs)


class UserDetailView(ObjectDetailView):
    """A person: place in the company, roles, and what an administrator may do."""

    model = User
    icon = "user"
    select = ("team", "branch")
    field_groups = (
        (pgettext_lazy("user", "Person"), ("email", "mobile", "job_title", "last_login", "date_joined")),
        (gettext_lazy("Place in the company"), ("team", "branch")),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "prev_url": "", "next_url": "", "access_url": self._access_url()}

    def neighbour(self, *, forward: bool) -> str:
        return str(self.object.get_absolute_url())

    def _access_url(self) -> str:
        return f"{reverse('users:access')}?user={self.object.pk}"

    def get_subtitle(self) -> str:
        return str(self.object.job_title)

    def get_badges(self) -> list[Badge]:
        badges = [Badge(str(role), "blue") for role in selectors.roles_of(subject=self.object)]
        if not self.object.is_active:
            badges.append(Badge(_("Closed"), "red"))
        elif not self.object.last_login:
            badges.append(Badge(_("has not signed in yet"), "yellow"))
        return badges

    def get_field_groups(self) -> list[FieldGroup]:
        groups = super().get_field_groups()
        if selectors.second_step_ready(user=self.object):
            groups[0].fields.append(Fact(_("two-step sign-in"), _("Yes")))
        return groups

    def get_actions(self) -> list[Action]:
        obj, user = self.object, self.request.user
        if not allows(user, "change", obj):
            return []
        actions = [Action(_("Edit"), self.url("edit", obj.pk), "edit", primary=True)]
        if obj.is_active and not obj.last_login:
            actions.append(Action(_("Send the invitation again"), self.url("invite", obj.pk), "mail", method="post"))
        if obj.is_active:
            actions.append(Action(_("End all sessions"), self.url("sign_out", obj.pk), "logout", method="post"))
        if selectors.second_step_ready(user=obj):
            actions.append(
                Action(_("Reset two-step sign-in"), self.url("reset_second_step", obj.pk), "shield", method="post")
            )
        if obj.is_active and obj != user:
            actions.append(
                Action(
                    _("Close the access"),
                    self.url("deactivate", obj.pk),
                    "user-x",
                    method="post",
                    danger=True,
                    confirm=_("The person is signed out at once and cannot sign in again. The records stay."),
                )
            )
        elif not obj.is_active:
            actions.append(Action(_("Open the access"), self.url("activate", obj.pk), "user-check", method="post"))
        return actions


class UserCreateView(ObjectCreateView):
    """Invite a person by mail."""

    model = User
    form_class = UserInviteForm
    title = gettext_lazy("Invite a person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(submit_label=_("Send the invitation"), **kwargs)

    def save_object(self, form: Any) -> User:
        return services.user_invite(
            actor=self.request.user,
            user=form.save(commit=False),
            roles=form.cleaned_data["roles"],
            site_url=self.request.build_absolute_uri("/"),
        )


class UserUpdateView(ObjectUpdateView):
    """Change a person."""

    model = User
    form_class = UserForm

    def save_object(self, form: Any) -> User:
        return services.user_save(
            actor=self.request.user, user=form.save(commit=False), roles=form.cleaned_data["roles"]
        )


class UserActionView(ObjectActionView):
    """A button of a person's page."""

    model = User
    permission = "change"


class UserInviteAgainView(UserActionView):
    """Mail the link once more."""

    success_message = gettext_lazy("The invitation was sent again.")

    def perform(self, **data: Any) -> None:
        site_url = self.request.build_absolute_uri("/")
        services.user_invite_again(actor=self.request.user, user=self.object, site_url=site_url)


class UserDeactivateView(UserActionView):
    """Close the access."""

    success_message = gettext_lazy("The access of “%(name)s” was closed.")

    def perform(self, **data: Any) -> str:
        services.user_deactivate(actor=self.request.user, user=self.object)
        return self.url("activate", self.object.pk)


class UserActivateView(UserActionView):
    """Open the access."""

    success_message = gettext_lazy("“%(name)s” may sign in again.")

    def perform(self, **data: Any) -> None:
        services.user_activate(actor=self.request.user, user=self.object)


class UserSignOutView(UserActionView):
    """End all sessions."""

    success_message = gettext_lazy("All sessions of “%(name)s” were ended.")

    def perform(self, **data: Any) -> None:
        services.user_sign_out_everywhere(actor=self.request.user, user=self.object)


class UserResetSecondStepView(UserActionView):
    """A lost phone."""

    success_message = gettext_lazy("Two-step sign-in of “%(name)s” was reset.")

    def perform(self, **data: Any) -> None:
        services.user_reset_second_step(actor=self.request.user, user=self.object)


class TeamListView(ObjectListView):
    """The tree of teams."""

    model = Team
    table_class = TeamTable
    filterset_class = TeamFilterSet

    def get_queryset(self) -> Any:
        return super().get_queryset().annotate(member_count=Count("users", filter=Q(users__is_active=True)))


class _PlaceDetailView(ObjectDetailView):
    """A team or branch with its people."""

    def people(self) -> Any:
        """Who belongs there."""
        return User.objects.for_user(self.request.user).filter(is_active=True)

    def get_field_groups(self) -> list[FieldGroup]:
        people = format_html_join(
            "", '<li><a href="{}"><bdi>{}</bdi></a></li>', ((u.get_absolute_url(), str(u)) for u in self.people())
        )
        members = format_html('<ul class="list-unstyled mb-0">{}</ul>', people or _("Nobody yet."))
        return [*super().get_field_groups(), FieldGroup(_("People"), [Fact(_("people"), members, wide=True)])]


class TeamDetailView(_PlaceDetailView):
    """A team."""

    model = Team
    icon = "users-group"
    select = ("parent", "branch", "leader")
    field_groups = ((gettext_lazy("Team"), ("leader", "parent", "branch", "is_active")),)

    def people(self) -> Any:
        return super().people().filter(team=self.object)


class TeamCreateView(ObjectCreateView):
    """A new team."""

    model = Team
    form_class = TeamForm


class TeamUpdateView(ObjectUpdateView):
    """Change a team; the teams below move with it."""

    model = Team
    form_class = TeamForm


class TeamDeleteView(ObjectDeleteView):
    """Remove a team nobody and nothing belongs to."""

    model = Team


class BranchListView(ObjectListView):
    """The offices."""

    model = Branch
    table_class = BranchTable
    filterset_class = BranchFilterSet

    def get_queryset(self) -> Any:
        return super().get_queryset().annotate(member_count=Count("users", filter=Q(users__is_active=True)))


class BranchDetailView(_PlaceDetailView):
    """An office."""

    model = Branch
    icon = "building"
    field_groups = ((gettext_lazy("Branch"), ("city", "is_active")),)

    def people(self) -> Any:
        return super().people().filter(branch=self.object)


class BranchCreateView(ObjectCreateView):
    """A new office."""

    model = Branch
    form_class = BranchForm


class BranchUpdateView(ObjectUpdateView):
    """Change an office."""

    model = Branch
    form_class = BranchForm


class BranchDeleteView(ObjectDeleteView):
    """Remove an office nobody belongs to."""

    model = Branch

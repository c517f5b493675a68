"""Users, teams, roles in Django admin."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin, TracedModelAdmin
from users.models import Branch, FieldRule, Role, RoleGrant, Team, User


@admin.register(Group)
class GroupAdmin(TracedModelAdmin):
    """Members of a role; the role's own rights are in its table of grants."""

    list_display = ("name",)
    search_fields = ("name",)
    exclude = ("permissions",)
    add_allowed = delete_allowed = False


@admin.register(User)
class UserAdmin(TracedModelAdmin):
    """People who log in; passwords are chosen by themselves, by the link of the invitation."""

    list_display = ("email", "first_name", "last_name", "team", "branch", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "branch", "groups", "language")
    list_select_related = ("team", "branch")
    search_fields = ("email", "first_name", "last_name", "mobile")
    exclude = ("password", "user_permissions")
    readonly_fields = ("last_login",)
    delete_allowed = False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Team)
class TeamAdmin(TracedModelAdmin):
    """The tree of teams; the path is kept by the database."""

    list_display = ("name", "parent", "branch", "leader", "path", "is_active")
    list_filter = ("is_active", "branch")
    list_select_related = ("parent", "branch", "leader")
    search_fields = ("name",)
    ordering = ("path",)


@admin.register(Branch)
class BranchAdmin(TracedModelAdmin):
    """Offices."""

    list_display = ("name", "city", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "city")


class RoleGrantInline(admin.TabularInline):
    """Rights on the role's page."""

    model = RoleGrant
    extra = 0


@admin.register(Role)
class RoleAdmin(TracedModelAdmin):
    """Roles; new ones are made on the roles page, which makes their group."""

    list_display = ("code", "name_fa", "name_en", "mfa_required")
    list_filter = ("mfa_required",)
    search_fields = ("code", "name_fa", "name_en")
    readonly_fields = ("group",)
    inlines = (RoleGrantInline,)
    add_allowed = delete_allowed = False


@admin.register(RoleGrant)
class RoleGrantAdmin(TracedModelAdmin):
    """Each cell of each role's table."""

    list_display = ("role", "model", "action", "scope")
    list_filter = ("role", "action", "scope")
    list_select_related = ("role",)
    search_fields = ("model", "action")


@admin.register(FieldRule)
class FieldRuleAdmin(TracedModelAdmin):
    """Fields kept from roles."""

    list_display = ("role", "model", "field", "access")
    list_filter = ("role", "access")
    list_select_related = ("role",)
    search_fields = ("model", "field")


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    """Who has a second step; its secrets are not shown. It is reset on the person's page."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
    exclude = ("data",)


@admin.register(UserSession)
class UserSessionAdmin(ReadOnlyAdmin):
    """Who is signed in from where."""

    list_display = ("user", "ip", "user_agent", "created_at", "last_seen_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "ip")
    exclude = ("session_key", "data")

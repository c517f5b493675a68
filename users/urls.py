"""Addresses of the users app: own preferences, and the settings of the company."""

from django.urls import URLPattern, URLResolver, include, path

from core.urls import crud_urls
from users.views import own, people, rights, settings

people_urls: list[URLPattern] = [
    path("", settings.SettingsView.as_view(), name="settings"),
    path("organisation/", settings.OrganisationView.as_view(), name="organisation"),
    path("access/", rights.AccessView.as_view(), name="access"),
    *crud_urls("user", people, prefix="users/"),
    path("users/<int:pk>/invite/", people.UserInviteAgainView.as_view(), name="user_invite"),
    path("users/<int:pk>/deactivate/", people.UserDeactivateView.as_view(), name="user_deactivate"),
    path("users/<int:pk>/activate/", people.UserActivateView.as_view(), name="user_activate"),
    path("users/<int:pk>/sign-out/", people.UserSignOutView.as_view(), name="user_sign_out"),
    path("users/<int:pk>/reset-second-step/", people.UserResetSecondStepView.as_view(), name="user_reset_second_step"),
    *crud_urls("team", people, prefix="teams/"),
    *crud_urls("branch", people, prefix="branches/"),
    *crud_urls("role", rights, prefix="roles/"),
    path("roles/<int:pk>/rights/", rights.RoleRightsView.as_view(), name="role_rights"),
    path("roles/<int:pk>/fields/", rights.RoleFieldsView.as_view(), name="role_fields"),
]

core_urls: list[URLPattern] = [
    *crud_urls("holiday", settings, prefix="holidays/"),
    path("currencies/", settings.CurrencyListView.as_view(), name="currency_list"),
    path("currencies/add/", settings.CurrencyCreateView.as_view(), name="currency_add"),
    path("currencies/<slug:code>/edit/", settings.CurrencyUpdateView.as_view(), name="currency_edit"),
    path("currencies/<slug:code>/delete/", settings.CurrencyDeleteView.as_view(), name="currency_delete"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("preferences/", own.PreferencesView.as_view(), name="preferences"),
    path("preferences/set/", own.PreferencesSetView.as_view(), name="preferences_set"),
    path("media/organisation/<str:name>", own.OrganisationLogoView.as_view(), name="organisation_logo"),
    path("settings/", include((people_urls, "users"))),
    path("settings/", include((core_urls, "core"))),
]

"""Addresses of the accounts app."""

from django.urls import URLPattern, path

from accounts import views
from accounts.lists import LISTS
from accounts.views import children
from accounts.views.reference import reference_urls
from core.urls import crud_urls

app_name = "accounts"

PARTY = "<str:party>/<int:pk>/"

urlpatterns: list[URLPattern] = [
    *crud_urls("account", views),
    path("quick/", views.AccountQuickView.as_view(), name="account_quick"),
    path("<int:pk>/assign/", views.AccountAssignView.as_view(), name="account_assign"),
    path("duplicates/", views.AccountDuplicatesView.as_view(), name="account_duplicates"),
    path("<int:pk>/duplicates/", views.AccountDuplicatesView.as_view(), name="account_duplicates"),
    *crud_urls("contact", views, prefix="contacts/"),
    path("contacts/quick/", views.ContactQuickView.as_view(), name="contact_quick"),
    path("contacts/<int:pk>/assign/", views.ContactAssignView.as_view(), name="contact_assign"),
    path("contacts/duplicates/", views.ContactDuplicatesView.as_view(), name="contact_duplicates"),
    path("contacts/<int:pk>/duplicates/", views.ContactDuplicatesView.as_view(), name="contact_duplicates"),
    path(f"contact-points/add/{PARTY}", children.ContactPointCreateView.as_view(), name="contactpoint_add"),
    path("contact-points/<int:pk>/edit/", children.ContactPointUpdateView.as_view(), name="contactpoint_edit"),
    path("contact-points/<int:pk>/delete/", children.ContactPointDeleteView.as_view(), name="contactpoint_delete"),
    path(f"important-dates/add/{PARTY}", children.ImportantDateCreateView.as_view(), name="importantdate_add"),
    path("important-dates/<int:pk>/edit/", children.ImportantDateUpdateView.as_view(), name="importantdate_edit"),
    path("important-dates/<int:pk>/delete/", children.ImportantDateDeleteView.as_view(), name="importantdate_delete"),
    path(f"relations/add/{PARTY}", children.RelationCreateView.as_view(), name="relation_add"),
    path("relations/<int:pk>/edit/", children.RelationUpdateView.as_view(), name="relation_edit"),
    path("relations/<int:pk>/delete/", children.RelationDeleteView.as_view(), name="relation_delete"),
    path(f"jobs/add/{PARTY}", children.EmploymentCreateView.as_view(), name="employment_add"),
    path("jobs/<int:pk>/edit/", children.EmploymentUpdateView.as_view(), name="employment_edit"),
    path("jobs/<int:pk>/delete/", children.EmploymentDeleteView.as_view(), name="employment_delete"),
    path("settings/", views.SettingsView.as_view(), name="settings"),
]
for _slug, _model in LISTS.items():
    urlpatterns += reference_urls(_model, f"settings/{_slug}/")

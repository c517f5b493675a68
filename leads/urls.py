"""Addresses of the leads app behind sign-in."""

from django.urls import path

from core.urls import crud_urls
from leads import views

app_name = "leads"

urlpatterns = [
    path("quick/", views.LeadQuickView.as_view(), name="lead_quick"),
    path("counts/", views.LeadCountsView.as_view(), name="lead_counts"),
    path("duplicates/", views.LeadDuplicatesView.as_view(), name="lead_duplicates"),
    path("<int:pk>/status/<slug:status>/", views.LeadStatusView.as_view(), name="lead_status"),
    path("<int:pk>/disqualify/", views.LeadDisqualifyView.as_view(), name="lead_disqualify"),
    path("<int:pk>/reopen/", views.LeadReopenView.as_view(), name="lead_reopen"),
    path("<int:pk>/assign/", views.LeadAssignView.as_view(), name="lead_assign"),
    path("<int:pk>/convert/", views.LeadConvertView.as_view(), name="lead_convert"),
    *crud_urls("lead", views),
    *crud_urls("capture_form", views, prefix="forms/"),
]

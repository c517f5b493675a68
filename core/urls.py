"""Addresses of the frame, and the helper every app's urls.py uses."""

from types import ModuleType
from typing import Any

from django.urls import URLPattern, path

from core import health
from core.views import bell, records, system

ACTIONS = (
    ("list", "", "ListView"),
    ("board", "board/", "BoardView"),
    ("add", "add/", "CreateView"),
    ("detail", "<int:pk>/", "DetailView"),
    ("edit", "<int:pk>/edit/", "UpdateView"),
    ("delete", "<int:pk>/delete/", "DeleteView"),
)


def crud_urls(name: str, views: ModuleType, *, prefix: str = "") -> list[URLPattern]:
    """The usual pages of a model, of those views that exist: ``crud_urls("lead", views)`` → ``lead_list``, ….

    ``LeadListView`` answers ``<prefix>``, ``LeadDetailView`` ``<prefix><pk>/``, and so on.
    """
    stem = "".join(part.title() for part in name.split("_"))
    urls = []
    for action, route, suffix in ACTIONS:
        view: Any = getattr(views, f"{stem}{suffix}", None)
        if view is not None:
            urls.append(path(prefix + route, view.as_view(), name=f"{name.replace('_', '')}_{action}"))
    return urls


urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("panels/<str:label>/<int:pk>/<slug:slug>/", system.PanelView.as_view(), name="panel"),
    path("typeahead/<str:label>/", system.TypeaheadView.as_view(), name="typeahead"),
    path("records/", records.RecordSearchView.as_view(), name="record_search"),
    path("search/", system.SearchView.as_view(), name="search"),
    path("search/palette/", system.PaletteView.as_view(), name="palette"),
    path("notifications/", bell.NotificationListView.as_view(), name="notification_list"),
    path("notifications/menu/", bell.NotificationMenuView.as_view(), name="notification_menu"),
    path("notifications/count/", bell.NotificationCountView.as_view(), name="notification_count"),
    path("notifications/<int:pk>/", bell.NotificationOpenView.as_view(), name="notification_open"),
    path("notifications/<int:pk>/read/", bell.NotificationReadView.as_view(), name="notification_read"),
    path("jobs/", system.JobListView.as_view(), name="job_list"),
    path("jobs/<int:pk>/", system.JobDetailView.as_view(), name="job_detail"),
    path("jobs/<int:pk>/file/", system.JobFileView.as_view(), name="job_file"),
    path("history/<str:label>/<int:pk>/", system.HistoryView.as_view(), name="history"),
    path("access/<str:label>/<int:pk>/", system.AccessView.as_view(), name="access"),
    path("bin/<str:label>/", system.BinView.as_view(), name="bin"),
    path("bin/<str:label>/<int:pk>/restore/", system.RestoreView.as_view(), name="restore"),
]

"""Guests, feeds and the import of calendar files."""

from django.urls import URLPattern, path

from activities.views import feeds, imports, invitations

urlpatterns: list[URLPattern] = [
    path("feeds/", feeds.FeedListView.as_view(), name="feed_list"),
    path("feeds/<int:pk>/revoke/", feeds.FeedRevokeView.as_view(), name="feed_revoke"),
    path("<int:pk>/invite/", invitations.ActivityInviteView.as_view(), name="activity_invite"),
    path("<int:pk>/answer/<slug:answer>/", invitations.ActivityAnswerView.as_view(), name="activity_answer"),
    path("calendar-file/", imports.CalendarImportView.as_view(), name="calendar_import"),
]

"""Following records, calling colleagues, and one's own reminders."""

from django.urls import URLPattern, path

from activities.views import following, reminders

urlpatterns: list[URLPattern] = [
    path("colleagues/", following.ColleaguesView.as_view(), name="colleagues"),
    path("mentions/<int:pk>/", following.MentionView.as_view(), name="mention"),
    path("follow/<str:label>/<int:pk>/", following.FollowView.as_view(), name="follow"),
    path("reminders/", reminders.RemindersView.as_view(), name="reminders"),
]

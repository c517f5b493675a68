"""Following records and calling colleagues."""

from django.urls import URLPattern, path

from activities.views import following

urlpatterns: list[URLPattern] = [
    path("colleagues/", following.ColleaguesView.as_view(), name="colleagues"),
    path("mentions/<int:pk>/", following.MentionView.as_view(), name="mention"),
    path("follow/<str:label>/<int:pk>/", following.FollowView.as_view(), name="follow"),
]

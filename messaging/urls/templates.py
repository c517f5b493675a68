"""Message templates."""

from django.urls import path

from core.urls import crud_urls
from messaging.views import templates

urlpatterns = [
    path("templates/preview/", templates.PreviewView.as_view(), name="messagetemplate_preview"),
    *crud_urls("message_template", templates, prefix="templates/"),
]

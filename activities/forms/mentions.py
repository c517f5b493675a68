"""The text field in which colleagues are called by name."""

from typing import Any

from django import forms
from django.urls import reverse_lazy


class MentionTextarea(forms.Textarea):
    """Several lines of text; after "@" the page offers colleagues."""

    def __init__(self, attrs: dict[str, Any] | None = None):
        behaviour = {"data-behavior": "mentions", "data-mentions-url": reverse_lazy("activities:colleagues")}
        super().__init__({"dir": "auto", **behaviour, **(attrs or {})})

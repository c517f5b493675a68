"""What a browser would send for a form that was opened and not touched."""

from typing import Any

from django import forms
from django.forms.widgets import MultiWidget


def form_data(form: forms.BaseForm) -> dict[str, Any]:
    """The form's fields as its page shows them, ready to be changed and posted."""
    data: dict[str, Any] = {}
    for bound in form:
        if bound.field.disabled:
            continue
        value = bound.value()
        widget: Any = bound.field.widget
        if isinstance(widget, MultiWidget):
            parts = widget.decompress(value) if not isinstance(value, list) else value
            for suffix, part, sub in zip(widget.widgets_names, parts, widget.widgets, strict=True):
                data[bound.html_name + suffix] = _plain(sub, part)
        elif isinstance(widget, forms.CheckboxInput):
            if value:
                data[bound.html_name] = "on"
        elif not isinstance(widget, forms.FileInput):
            data[bound.html_name] = _plain(widget, value)
    return data


def _plain(widget: Any, value: Any) -> Any:
    if isinstance(value, list | tuple | set):
        return [str(getattr(item, "pk", item)) for item in value]
    if value is None and getattr(widget, "allow_multiple_selected", False):
        return []
    shown = widget.format_value(value)
    if isinstance(shown, list | tuple):
        shown = shown[0] if shown else ""
    return "" if shown is None else str(shown)

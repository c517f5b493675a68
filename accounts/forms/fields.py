"""Form fields of this app."""

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.text import clean

MAX_TAGS: Final = 20
_BETWEEN: Final = re.compile(r"[,،;؛\n]")


class TagsField(forms.CharField):
    """Short words separated by commas (Persian or Latin), as a list without repeats."""

    def __init__(self, *, max_word: int = 40, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput({"data-behavior": "typeahead", "data-create": "true", "dir": "auto"})
        )
        for name in ("base_field", "max_length"):
            kwargs.pop(name, None)
        super().__init__(max_length=MAX_TAGS * (max_word + 2), **kwargs)
        self.max_word = max_word

    def prepare_value(self, value: Any) -> Any:
        return ",".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        words = (clean(word) for word in _BETWEEN.split(super().to_python(value) or ""))
        tags = list(dict.fromkeys(word for word in words if word))
        if len(tags) > MAX_TAGS:
            raise ValidationError(_("At most %(count)d words."), params={"count": MAX_TAGS}, code="too_many")
        for tag in tags:
            if len(tag) > self.max_word:
                raise ValidationError(_("“%(word)s” is too long."), params={"word": tag[:20]}, code="too_long")
        return tags

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])

"""Static files under hashed names, the modules' imports of each other included.

Without that, a page would load `app.<hash>.js` but the modules it imports under their plain names, which are not kept.
"""

from typing import Any

from django.contrib.staticfiles.storage import HashedFilesMixin, ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Only our own modules: some third-party files import names that only a bundler resolves.
OWN_MODULES = ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1])


class _Remembering:
    """Keeps the addresses it gave: the manifest is read once in a process, and a page asks for thirty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._given: dict[str | None, str] = {}
        super().__init__(*args, **kwargs)

    def url(self, name: str | None, force: bool = False) -> str:
        """The address of the file under its hashed name."""
        if name not in self._given or force:
            self._given[name] = super().url(name, force)  # type: ignore[misc]
        return self._given[name]


class HashedStorage(_Remembering, ManifestStaticFilesStorage):
    """Hashed names, no compression: ready in a second, for one's own machine."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = OWN_MODULES


class CompressedStorage(_Remembering, CompressedManifestStaticFilesStorage):
    """Hashed names and compressed copies, for a server."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = OWN_MODULES

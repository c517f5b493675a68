"""Static files under hashed names, the modules' imports of each other included.

Without that, a page would load `app.<hash>.js` but the modules it imports under their plain names, which are not kept.
"""

from django.contrib.staticfiles.storage import HashedFilesMixin, ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Only our own modules: some third-party files import names that only a bundler resolves.
OWN_MODULES = ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1])


class HashedStorage(ManifestStaticFilesStorage):
    """Hashed names, no compression: ready in a second, for one's own machine."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = OWN_MODULES


class CompressedStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and compressed copies, for a server."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = OWN_MODULES

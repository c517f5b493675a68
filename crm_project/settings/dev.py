"""A developer's machine, and `make run`: DEBUG only with DEBUG=1, plain http, mails on the console."""

from crm_project.env import env
from crm_project.settings.base import *  # noqa: F403
from crm_project.settings.base import TEMPLATES

SECRET_KEY = env("SECRET_KEY", default="development-only-key-never-use-it-on-a-server")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
if DEBUG:  # Django keeps compiled templates even then; a developer wants to see the change
    TEMPLATES[0]["APP_DIRS"] = False
    TEMPLATES[0]["OPTIONS"]["loaders"] = [
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
SMS_TO_LOG = env.bool("SMS_TO_LOG", default=True)
EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")

# `make run` collects the static files and sets STATIC_MANIFEST; without it they are served where they lie.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=False)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_MANIFEST
if STATIC_MANIFEST:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "crm_project.storage.HashedStorage"},
    }

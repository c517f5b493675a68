"""A developer's machine and `make run`'s children: debug off unless DEBUG=1."""

from crm_project.env import env
from crm_project.settings.base import *  # noqa: F403

SECRET_KEY = env("SECRET_KEY", default="development-only-key-never-use-it-on-a-server")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")

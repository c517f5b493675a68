"""Settings of the test run: real PostgreSQL and Valkey, tasks run where they are sent."""

from crm_project.env import env
from crm_project.settings.base import *  # noqa: F403
from crm_project.settings.base import CACHES, DATABASES

SECRET_KEY = "tests-only-key"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SMS_TO_LOG = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

DATABASES["default"]["CONN_MAX_AGE"] = 0  # a live server's threads come and go
DATABASES["default"]["TEST"] = {"TEMPLATE": env("TEST_TEMPLATE", default="") or None}  # see crm_project.up.steps
CACHES["default"]["KEY_FUNCTION"] = "tests.isolation.cache_key"  # each test has a cache of its own
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True

"""A server: everything from the environment, nothing insecure by default."""

from crm_project.env import env
from crm_project.settings.base import *  # noqa: F403

SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

"""Django admin with our site in the place of the default one."""

from django.contrib.admin.apps import AdminConfig


class PeyvandAdminConfig(AdminConfig):
    """Finds each app's admin.py and registers what is in it with our site."""

    default_site = "core.admin_site.PeyvandAdminSite"

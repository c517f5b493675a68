"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings.prod")
if os.environ.get("SUPERVISED"):
    from crm_project.up.process import die_with_parent

    die_with_parent()  # a worker process must not outlive a server that was killed with -9
application = get_wsgi_application()

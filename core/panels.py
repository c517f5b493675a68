"""Panels: an app shows its things on another app's record page. The 360 page is made of these."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from core import hosts
from core.policies import policy_for

_panels: dict[str, dict[str, "Panel"]] = defaultdict(dict)
_host_panels: dict[str, type["Panel"]] = {}


_header: list[Callable[[Any], str]] = []


class Panel:
    """One box on a record page, a small URL of its own: scoped, budgeted and loaded by itself.

    ``host`` is the label of the record it sits on ("accounts.account"), ``model`` the rows it shows (their "view" right
    decides whether the panel is there), ``lazy`` panels load when they come into sight, others come with the page.
    """

    host: ClassVar[str]
    slug: ClassVar[str]
    title: ClassVar[Any]
    icon: ClassVar[str] = "list"
    order: ClassVar[int] = 100
    template: ClassVar[str]
    model: ClassVar[type[models.Model] | None] = None
    lazy: ClassVar[bool] = True

    def visible(self, user: Any, obj: models.Model) -> bool:
        """Whether the user sees the panel on this record."""
        return self.model is None or policy_for(self.model).can(user, "view")

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What the template needs; every row in it is scoped with ``for_user``."""
        return {}

    def render(self, request: HttpRequest, obj: models.Model) -> SafeString:
        """The panel as HTML."""
        context = {"panel": self, "object": obj, "panel_url": self.url(obj), **self.context(request, obj)}
        return render_to_string(self.template, context, request)

    def url(self, obj: models.Model) -> str:
        """The panel's own address."""
        return reverse("panel", args=[self.host, obj.pk, self.slug])


@dataclass(frozen=True)
class PanelSlot:
    """A panel's place on the page: loaded from ``url`` when seen, or already there as ``inline_html``."""

    slug: str
    title: str
    url: str
    icon: str
    lazy: bool
    inline_html: SafeString | None = None


def register(panel: type[Panel]) -> type[Panel]:
    """Class decorator; called when the app's panels.py is imported in ready()."""
    _panels[panel.host][panel.slug] = panel()
    return panel


def register_on_hosts(panel: type[Panel]) -> type[Panel]:
    """Class decorator: the panel sits on the page of every host (see core.hosts), whichever app it is of."""
    _host_panels[panel.slug] = panel
    return panel


def _known(host: str) -> dict[str, Panel]:
    """The panels of a record page by name; those of all hosts are made when first asked for."""
    known = _panels[host]
    if hosts.find(host) is not None:
        for slug, panel in _host_panels.items():
            if slug not in known:
                known[slug] = type(panel.__name__, (panel,), {"host": host, "__doc__": panel.__doc__})()
    return known


def panels_for(host: str) -> list[Panel]:
    """The panels of a record page in their order."""
    return sorted(_known(host).values(), key=lambda p: (p.order, p.slug))


def find(host: str, slug: str) -> Panel | None:
    """The panel of that name, if there is one."""
    return _known(host).get(slug)


def slots(request: HttpRequest, obj: models.Model) -> list[PanelSlot]:
    """The places of the panels the user sees on this record."""
    return [
        PanelSlot(p.slug, str(p.title), p.url(obj), p.icon, p.lazy, None if p.lazy else p.render(request, obj))
        for p in panels_for(obj._meta.label_lower)
        if p.visible(request.user, obj)
    ]


def register_header(find: Callable[[Any], str]) -> None:
    """Put a small piece into the header of record pages, loaded by itself from the address ``find(record)`` gives; "" for none."""
    if find not in _header:
        _header.append(find)


def header_urls(obj: models.Model) -> list[str]:
    """Where the small pieces of the record's header are loaded from."""
    return [url for find in _header if (url := find(obj))]

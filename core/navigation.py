"""Navigation as data: each app declares its items in navigation.py; only what one may open is shown."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.policies import policy_for

Check = Callable[[Any], bool]


@dataclass(frozen=True)
class Item:
    """A link of the side bar. Shown when the user may do ``action`` on ``model`` (or ``check`` says so).

    A ``dialog`` opens over the page one is on. ``short`` is the label where there is little room: a phone's bottom bar.
    One with a ``group`` is kept out of the side bar: it stands on the settings page, under that title, and in the palette;
    on its pages the link to the settings is the active one. ``query`` is what the link asks of the page; ``{me}`` in it is
    the user's key.
    """

    key: str
    label: Any
    url_name: str
    icon: str
    section: str
    order: int = 100
    model: type[models.Model] | None = None
    action: str = "view"
    check: Check | None = None
    primary: bool = False
    shortcut: str = ""
    dialog: bool = False
    prefixes: tuple[str, ...] = field(default=())
    group: Any = ""
    short: Any = ""
    query: str = ""

    def visible(self, user: Any) -> bool:
        """Whether the user may open it."""
        if self.check is not None:
            return self.check(user)
        return self.model is None or policy_for(self.model).can(user, self.action)


@dataclass(frozen=True)
class NavLink:
    """An item as the page shows it."""

    key: str
    label: str
    url: str
    icon: str
    active: bool
    primary: bool
    shortcut: str
    dialog: bool = False
    short: str = ""


@dataclass(frozen=True)
class NavSection:
    """A titled group of links."""

    key: str
    label: str
    items: list[NavLink]


_sections: dict[str, tuple[int, Any]] = {}
_items: dict[str, Item] = {}
_settings_items: dict[str, Item] = {}
_new_items: dict[str, Item] = {}
REMEMBERED = 500
SETTINGS = "settings"
_remembered: dict[tuple[int, Any], list[Item]] = {}


def section(key: str, label: Any, order: int) -> None:
    """Declare a group."""
    _sections[key] = (order, label)


def register(*items: Item) -> None:
    """Declare links; those with a group are shown on the settings page instead of in the side bar."""
    for item in items:
        (_settings_items if item.group else _items)[item.key] = item


def register_new(*items: Item) -> None:
    """Declare entries of the "+ New" menu."""
    for item in items:
        _new_items[item.key] = item


@cache
def _url(name: str) -> str:
    """The address of a named page; it never changes while the process lives."""
    return reverse(name)


def _visible(items: dict[str, Item], user: Any) -> list[Item]:
    """The items the user may open, in order: worked out once for all users with the same rights."""
    key = (id(items), user.rights_key())
    if key not in _remembered:
        if len(_remembered) >= REMEMBERED:
            _remembered.clear()
        _remembered[key] = sorted((i for i in items.values() if i.visible(user)), key=lambda i: i.order)
    return _remembered[key]


def _reach(item: Item, path: str) -> int:
    """How much of the address the item covers: the page belongs to the item that covers most."""
    starts = (_url(item.url_name), *item.prefixes)
    return max((len(s) for s in starts if path == s or (s != "/" and path.startswith(s))), default=0)


def _link(item: Item, user: Any, *, active: bool = False) -> NavLink:
    query = f"?{item.query.format(me=user.pk)}" if item.query else ""
    url = _url(item.url_name) + query
    label, short = str(item.label), str(item.short or item.label)
    return NavLink(item.key, label, url, item.icon, active, item.primary, item.shortcut, item.dialog, short)


def menu(user: Any, path: str) -> list[NavSection]:
    """The groups with the links the user may open; the page's own link is active."""
    visible = _visible(_items, user)
    here = max([*visible, *_visible(_settings_items, user)], key=lambda i: _reach(i, path), default=None)
    if here is not None and here.group:
        here = _items.get(SETTINGS)
    elif here is not None and not _reach(here, path):
        here = None
    groups = []
    for key, (_order, label) in sorted(_sections.items(), key=lambda pair: pair[1][0]):
        links = [_link(item, user, active=item is here) for item in visible if item.section == key]
        if links:
            groups.append(NavSection(key, str(label), links))
    return groups


def new_menu(user: Any) -> list[NavLink]:
    """The "+ New" entries the user may use."""
    return [_link(item, user) for item in _visible(_new_items, user)]


def pages(user: Any) -> list[NavLink]:
    """All links as a flat list, for the palette and the choice of the first page."""
    return [link for group in menu(user, "") for link in group.items] + [
        link for _title, links in settings_menu(user) for link in links
    ]


def settings_menu(user: Any) -> list[tuple[str, list[NavLink]]]:
    """The links of the settings page by the title of their group."""
    groups: dict[str, list[NavLink]] = {}
    for item in _visible(_settings_items, user):
        groups.setdefault(str(item.group), []).append(_link(item, user))
    return list(groups.items())


section("work", _("Work"), 0)
section("sales", _("Sales"), 10)
section("customers", _("Customers"), 20)
section("products", _("Products"), 30)
section("reports", _("Reports"), 40)
section(SETTINGS, _("Settings"), 90)

"""The panels of the account's and the contact's page."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import channels, selectors
from accounts.models import Account, Contact, ContactPoint, Employment, ImportantDate, Relation
from core import display, panels
from core.hiding import blanked_for
from core.policies import allows

LIMIT = 20


class PartyPanel(panels.Panel):
    """A panel of rows that hang on the party; whoever may change the party may add one."""

    empty_hint: ClassVar[Any] = ""
    add_label: ClassVar[Any] = ""

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        may_change = allows(request.user, "change", obj)
        rows = self.rows(request.user, obj)
        kind = obj._meta.model_name
        name = f"accounts:{self.model._meta.model_name}_add" if self.model else ""
        return {
            "rows": rows,
            "is_empty": not rows,
            "empty_hint": self.empty_hint,
            "may_change": may_change,
            "add_url": reverse(name, args=[kind, obj.pk]) if may_change else "",
            "add_label": self.add_label,
            "add_dialog": True,
            "page_query": f"?of={kind}.{obj.pk}",
            "flush": True,
        }

    def rows(self, user: Any, obj: Any) -> list[Any]:
        """What the panel lists."""
        raise NotImplementedError


def _of(obj: models.Model) -> dict[str, models.Model]:
    return {obj._meta.model_name or "": obj}


class Jobs(PartyPanel):
    """Who works there, or where the person works: present jobs first."""

    model = Employment
    template = "accounts/_panel_jobs.html"
    lazy = False
    order = 10
    other: ClassVar[type[models.Model]]

    def rows(self, user: Any, obj: Any) -> list[Any]:
        other = self.other._meta.model_name
        seen: Any = self.other._default_manager
        jobs = Employment.objects.for_user(user, "view").filter(
            **_of(obj), **{f"{other}__in": seen.for_user(user, "view")}
        )
        jobs = jobs.select_related(other, "buying_role")
        return list(jobs.order_by(models.F("ends_on").desc(nulls_first=True), "-is_primary", "-pk")[: LIMIT + 1])

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        context = super().context(request, obj)
        other = str(self.other._meta.model_name)
        jobs = context["rows"][:LIMIT]
        others = blanked_for(request.user, [getattr(job, other) for job in jobs])
        lines = [{"job": job, "other": row} for job, row in zip(jobs, others, strict=True)]
        return {**context, "lines": lines, "all_url": self.all_url(obj) if len(context["rows"]) > LIMIT else ""}

    def all_url(self, obj: Any) -> str:
        """Where all of them are listed."""
        return ""


@panels.register
class AccountContacts(Jobs):
    """The people of an account."""

    host = "accounts.account"
    slug = "contacts"
    title = _("Contacts")
    icon = "users"
    other = Contact
    add_label = _("Add a contact")
    empty_hint = _("Nobody is recorded here yet. Add the person you talk to.")

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        from core.policies import can

        context = super().context(request, obj)
        new = f"{reverse('accounts:contact_quick')}?account={obj.pk}" if can(request.user, "add", Contact) else ""
        return {**context, "new_url": new, "add_label": _("Existing contact")}

    def all_url(self, obj: Any) -> str:
        return f"{reverse('accounts:contact_list')}?account={obj.pk}"


@panels.register
class ContactJobs(Jobs):
    """The jobs of a contact."""

    host = "accounts.contact"
    slug = "jobs"
    title = _("Jobs")
    icon = "briefcase"
    other = Account
    empty_hint = _("No job is recorded. Add the organisation the person works for.")


class Points(PartyPanel):
    """Further numbers, addresses and profiles."""

    model = ContactPoint
    slug = "points"
    title = _("Other ways to reach")
    icon = "phone"
    order = 50
    template = "accounts/_panel_points.html"
    empty_hint = _("A second phone, a fax, an Instagram or Telegram profile…")

    def rows(self, user: Any, obj: Any) -> list[Any]:
        found = ContactPoint.objects.for_user(user, "view").filter(**_of(obj)).order_by("kind", "pk")
        closed = user.hidden_fields(obj._meta.label_lower) & {"phone", "mobile", "email"}
        return [{"point": point, "icon": channels.icon(point.kind)} for point in found.exclude(kind__in=closed)[:50]]


class Dates(PartyPanel):
    """Important dates by when they come next; those that will not come again are last."""

    model = ImportantDate
    slug = "dates"
    title = _("Important dates")
    icon = "cake"
    order = 60
    template = "accounts/_panel_dates.html"
    empty_hint = _(
        "Birthdays, the founding day, the end of a contract: they come back in the calendar they are kept in."
    )

    def rows(self, user: Any, obj: Any) -> list[Any]:
        today = display.current().today()
        found = ImportantDate.objects.for_user(user, "view").filter(**_of(obj)).order_by("pk")[:50]
        lines = [_date_line(row, today) for row in found]
        if isinstance(obj, Contact) and obj.birth_date and "birth_date" not in user.hidden_fields("accounts.contact"):
            birthday = ImportantDate(title=str(_("Birthday")), date=obj.birth_date, calendar="jalali")
            lines.append(_date_line(birthday, today))
        return sorted(lines, key=lambda line: (line["next"] is None, line["next"] or line["row"].date))


def _date_line(row: ImportantDate, today: Any) -> dict[str, Any]:
    following = selectors.next_occurrence(row, today)
    days = (following - today).days if following else None
    return {"row": row, "next": following, "is_near": days is not None and days <= 7}


class Relations(PartyPanel):
    """Relations in both directions, each with what the other party is to this one."""

    model = Relation
    slug = "relations"
    title = _("Relations")
    icon = "hierarchy"
    order = 70
    template = "accounts/_panel_relations.html"
    empty_hint = _("Spouse, colleague, supplier, referrer… between any two parties.")

    def rows(self, user: Any, obj: Any) -> list[Any]:
        kind = obj._meta.model_name
        either = models.Q(**{f"from_{kind}": obj}) | models.Q(**{f"to_{kind}": obj})
        found = Relation.objects.for_user(user, "view").filter(either)
        found = found.select_related("type", "from_account", "from_contact", "to_account", "to_contact")
        return [_relation_line(row, obj) for row in found.order_by("type__position", "pk")[:50]]


def _relation_line(row: Relation, obj: models.Model) -> dict[str, Any]:
    outward = row.from_party == obj
    return {
        "row": row,
        "role": row.type.inverse if outward else str(row.type),
        "other": row.to_party if outward else row.from_party,
    }


@panels.register
class Children(panels.Panel):
    """The companies that belong to this one."""

    host = "accounts.account"
    slug = "children"
    title = _("Child companies")
    icon = "sitemap"
    order = 80
    model = Account
    template = "accounts/_panel_children.html"

    def visible(self, user: Any, obj: Any) -> bool:
        return not obj.is_person and super().visible(user, obj)

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        found = Account.objects.for_user(request.user, "view").filter(parent=obj).order_by("sort_key", "pk")
        rows = list(found[: LIMIT + 1])
        return {
            "rows": blanked_for(request.user, rows[:LIMIT]),
            "is_empty": not rows,
            "flush": True,
            "empty_hint": _("No company names this one as its parent."),
            "all_url": f"{reverse('accounts:account_list')}?parent={obj.pk}" if len(rows) > LIMIT else "",
        }


def _on_both(base: type[panels.Panel]) -> None:
    for host in ("account", "contact"):
        panels.register(
            type(f"{host.title()}{base.__name__}", (base,), {"host": f"accounts.{host}", "__doc__": base.__doc__})
        )


for _panel in (Points, Dates, Relations):
    _on_both(_panel)

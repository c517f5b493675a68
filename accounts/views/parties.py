"""What the pages of accounts and contacts share."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import OwnerForm
from core.policies import allows
from core.views import ObjectActionView, ObjectCreateView, ObjectDetailView, ObjectListView, ObjectUpdateView
from core.views.base import MAX_PK, ModelMixin, PageView
from core.views.detail import Action, Fact, field_html
from core.views.list import QuickFilter


class PartyListView(ObjectListView):
    """A list with "mine" and "my team", and quick entry."""

    template_name = "accounts/party_list.html"
    mine_label: ClassVar[Any] = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(quick_url=self.url("quick") if self.may("add") else "", **kwargs)

    def get_quick_filters(self) -> list[QuickFilter]:
        user: Any = self.request.user
        quick = [self.quick(_("All")), self.quick(self.mine_label, owner=str(user.pk))]
        if user.team_id:
            quick.append(self.quick(_("My team"), team=str(user.team_id)))
        return quick


class PartyDetailView(ObjectDetailView):
    """The 360 page: header, fields, panels."""

    def get_actions(self) -> list[Action]:
        actions = super().get_actions()
        if allows(self.request.user, "assign", self.object):
            hand_over = Action(_("Assign"), self.url("assign", self.object.pk), "user-check", method="dialog")
            actions.insert(1 if actions else 0, hand_over)
        return actions

    def header_facts_of(self, names: tuple[str, ...]) -> list[Fact]:
        """Those of the fields that have a value the user may read."""
        user: Any = self.request.user
        hidden = user.hidden_fields(self.object._meta.label_lower)
        facts = (self.fact(name) for name in names if name not in hidden)
        return [fact for fact in facts if fact is not None]

    def first_html(self, *names: str) -> str:
        """The first of the fields with a value, as HTML."""
        user: Any = self.request.user
        hidden = user.hidden_fields(self.object._meta.label_lower)
        fields = (self.object._meta.get_field(name) for name in names if name not in hidden)
        return next((html for field in fields if (html := field_html(self.object, field))), "")


class PartyAssignView(ObjectActionView):
    """Hand the party to another colleague."""

    permission = "assign"
    form_class = OwnerForm
    title = gettext_lazy("Assign")
    success_message = gettext_lazy("“%(name)s” was handed over.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.request.user, "current": self.object.owner}

    def perform(self, **data: Any) -> str | None:
        from users.services import record_assign

        actor: Any = self.request.user
        record_assign(actor=actor, record=self.object, owner=data["owner"])
        return None

    def get_success_url(self) -> str:
        """Back to the party, or to the list when it has left what the user sees."""
        if allows(self.request.user, "view", self.object):
            return super().get_success_url()
        return self.url("list")


class DuplicatesView(ModelMixin, PageView):
    """Likely duplicates of what is being typed, for whoever may add one; only rows the user sees."""

    permission = "view"
    template_name = "accounts/_duplicates.html"

    def get(self, request: HttpRequest, pk: int = 0) -> HttpResponse:
        rows = [row for row in self.find() if row.pk != pk]
        return self.render_to_response({"rows": rows})

    def find(self) -> list[Any]:
        """Ask the selector."""
        raise NotImplementedError

    def typed(self, name: str) -> str:
        """A field of the form, cut to what can be a name or a number."""
        return self.request.GET.get(name, "").replace("\x00", "")[:200]

    def phones(self) -> list[str]:
        """The numbers typed so far."""
        return [self.typed("phone"), self.typed("mobile")]


class WithDuplicates:
    """Tells the form where to ask for duplicates; on the edit page the record itself is left out."""

    request: HttpRequest
    object: Any = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        name = f"accounts:{self.model._meta.model_name}_duplicates"  # type: ignore[attr-defined]
        context["duplicates_url"] = reverse(name, args=[self.object.pk]) if self.object else reverse(name)
        return context


class PartyCreateView(WithDuplicates, ObjectCreateView):
    """A page that makes a party."""


class PartyUpdateView(WithDuplicates, ObjectUpdateView):
    """A page that changes a party."""


def party_of(request: HttpRequest, kind: str, pk: int, action: str) -> Any:
    """The account or contact on which the user may do the action, else 404."""
    from accounts.models import Account, Contact

    model: Any = {"account": Account, "contact": Contact}.get(kind)
    found = model.objects.for_user(request.user, action).filter(pk=min(pk, MAX_PK)).first() if model else None
    if found is None:
        raise Http404
    return found

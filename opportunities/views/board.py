"""The board of opportunities: a sales cycle's stages as columns."""

import copy
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import display
from core.errors import DomainError, PermissionRefused
from core.parsing import read_key
from core.views.base import safe_return_url
from core.views.board import BoardColumn, BoardMoveView, BoardView, initials, money_html
from opportunities.choices import StageKind, Status
from opportunities.forms import LoseForm
from opportunities.models import Opportunity, SalesCycle, Stage
from opportunities.selectors import active_cycles, board_totals
from opportunities.services import move_token, opportunity_move, opportunity_move_undo
from opportunities.tables import days_label
from opportunities.views.opportunities import OpportunityFilters

TALLIED_FILTERS = ("owner", "team", "status")
COLOURS = ("azure", "blue", "indigo", "purple", "pink", "orange", "yellow", "lime")
CARD_FIELDS = (
    "name",
    "version",
    "status",
    "amount",
    "currency",
    "next_step",
    "next_step_at",
    "stage_entered_at",
    "stage_id",
    "cycle_id",
    "account__name",
    "owner__first_name",
    "owner__last_name",
    "owner__email",
)


class OpportunityBoardView(OpportunityFilters, BoardView):
    """The deals of one sales cycle; ``?cycle=`` chooses it, the list's filters narrow it."""

    title = gettext_lazy("Pipeline")
    template_name = "opportunities/board.html"
    state_keys = ("cycle",)
    column_field = "stage"
    order = ("-stage_entered_at", "-pk")
    sum_field = "base_amount"
    weighted_field = "expected_value"

    @cached_property
    def cycles(self) -> list[SalesCycle]:
        """The cycles in use with their stages."""
        return active_cycles()

    @cached_property
    def cycle(self) -> SalesCycle:
        """The cycle asked for, else the default one."""
        wanted = self.request.GET.get("cycle", "")
        found = next((cycle for cycle in self.cycles if str(cycle.pk) == wanted), None)
        if found is None and (wanted or not self.cycles):
            raise Http404
        return found or self.cycles[0]

    @cached_property
    def stages(self) -> dict[int, Stage]:
        """The cycle's stages by key."""
        return {stage.pk: stage for stage in self.cycle.active_stages}  # type: ignore[attr-defined]

    @cached_property
    def hides_amount(self) -> bool:
        """Whether the user's roles may not read amounts."""
        return "amount" in self.request.user.hidden_fields("opportunities.opportunity")

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(cycle=self.cycle)

    def get_columns(self) -> list[BoardColumn]:
        return [
            BoardColumn(
                key=str(stage.pk),
                label=str(stage),
                colour=self._colour(number, stage),
                tooltip=self._tooltip(stage),
                is_won=stage.kind == StageKind.WON,
                is_lost=stage.kind == StageKind.LOST,
            )
            for number, stage in enumerate(self.stages.values())
        ]

    def _colour(self, number: int, stage: Stage) -> str:
        closed = {StageKind.WON: "green", StageKind.LOST: "red"}
        return closed.get(StageKind(stage.kind)) or COLOURS[number % len(COLOURS)]

    def _tooltip(self, stage: Stage) -> str:
        if stage.kind != StageKind.OPEN:
            return ""
        parts = [_("Probability %(percent)s") % {"percent": display.format_percent_points(stage.probability)}]
        if stage.expected_days:
            parts.append(_("up to %(days)s") % {"days": days_label(stage.expected_days)})
        return " · ".join([*parts, stage.guidance] if stage.guidance else parts)

    def summed(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """From the running totals while only owner, team and status narrow the board, else from the deals themselves."""
        narrowed = self._narrowed()
        if narrowed is None:
            return super().summed(keys)
        found = board_totals(user=self.request.user, cycle=self.cycle, **narrowed)
        return {key: found[int(key)] for key in keys if int(key) in found}

    def _narrowed(self) -> dict[str, Any] | None:
        """The filters asked for, as the running totals know them; None when there are others."""
        if self.filterset is None:
            return {}
        form = self.filterset.form
        if set(form.fields) - set(TALLIED_FILTERS) or not form.is_valid():
            return None
        return {name: value for name, value in form.cleaned_data.items() if value}

    def total_html(self, total: dict[str, Any]) -> dict[str, str]:
        shown = super().total_html(total)
        return {**shown, "sum": "", "weighted": ""} if self.hides_amount else shown

    def card_rows(self, rows: models.QuerySet) -> models.QuerySet:
        return rows.select_related("account", "owner").only(*CARD_FIELDS)

    def get_card(self, row: Opportunity, *, movable: bool) -> dict[str, Any]:
        row.stage = self.stages[row.stage_id]
        owner = str(row.owner) if row.owner else ""
        state = row.next_step_state() if row.is_open else "closed"
        return {
            "pk": row.pk,
            "url": row.get_absolute_url(),
            "move_url": self.move_url("opportunity_move", row.pk) if movable else "",
            "version": row.version,
            "title": row.name,
            "subtitle": str(row.account or ""),
            "amount_html": "" if self.hides_amount else self._amount(row),
            "owner_initials": initials(owner) if owner else "",
            "owner_name": owner,
            "next_step_text": self._next_step(row),
            "next_step_state": state,
            "age_label": days_label(row.days_in_stage()),
            "rotting": row.is_rotting(),
            "closed": not row.is_open,
        }

    def _amount(self, row: Opportunity) -> str:
        return money_html(row.amount, row.currency)

    def _next_step(self, row: Opportunity) -> str:
        if not row.next_step_at or not row.is_open:
            return ""
        return " · ".join(part for part in (display.relative_day(row.next_step_at), row.next_step) if part)

    def move_url(self, name: str, pk: int, **more: str) -> str:
        """The address of a card's action, with the state of the board so that its totals can be told anew."""
        query = "&".join(part for part in (self.state(), urlencode(more)) if part)
        url = reverse(f"opportunities:{name}", args=[pk])
        return f"{url}?{query}" if query else url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        switcher = [
            {"label": str(cycle), "url": f"?cycle={cycle.pk}", "active": cycle == self.cycle} for cycle in self.cycles
        ]
        context = super().get_context_data(switcher=switcher if len(switcher) > 1 else [], **kwargs)
        if context["create_url"]:
            context["create_url"] += f"?cycle={self.cycle.pk}"
        context["list_url"] = f"{self.url('list')}?{self._list_query()}"
        return context

    def _list_query(self) -> str:
        query = self.filter_data.copy()
        query["cycle"] = str(self.cycle.pk)
        return query.urlencode()


class OpportunityMoveView(BoardMoveView, OpportunityBoardView):
    """Drops a card on a stage. The board speaks JSON; a plain form (the arrows of the record) gets a redirect."""

    asks = ("reason_required",)

    @cached_property
    def cycle(self) -> SalesCycle:
        """The cycle of the card itself when the address names none."""
        wanted = self.request.GET.get("cycle") or str(self.get_record().cycle_id)
        found = next((cycle for cycle in self.cycles if str(cycle.pk) == wanted), None)
        if found is None:
            raise Http404
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return super().post(request, *args, **kwargs)
        return self._plain(request)

    def _plain(self, request: HttpRequest) -> HttpResponse:
        row = self.get_record()
        try:
            toast = self.perform(row)
        except PermissionRefused as error:
            raise PermissionDenied(str(error)) from error
        except DomainError as error:
            messages.error(request, str(error))
        else:
            if toast:
                messages.success(request, toast["text"], extra_tags=f"undo:{toast['undo']}" if toast["undo"] else "")
        return redirect(safe_return_url(request, row.get_absolute_url()))

    def target(self) -> Stage:
        """The stage that was asked for; a key that is none is refused like one of another cycle."""
        key = read_key(self.request.POST.get("stage", ""))
        if key is not None:
            stage = Stage.objects.for_user(self.request.user, "view").filter(pk=key).first()
            if stage is not None:
                return stage
        raise DomainError(_("There is no such stage."), field="stage")

    def perform(self, row: Opportunity) -> dict[str, Any] | None:
        before, stage = copy.copy(row), self.target()
        moved = opportunity_move(
            actor=self.request.user,
            opportunity=row,
            stage=stage,
            expected_version=read_key(self.request.POST.get("version", "")),
        )
        row.stage = moved.stage
        return self.toast(before, moved) if before.stage_id != moved.stage_id else None

    def toast(self, before: Opportunity, row: Opportunity) -> dict[str, Any]:
        """What happened, with the way back."""
        token = move_token(before, row, self.request.user)
        texts = {
            Status.OPEN: _("“%(name)s” is now in “%(stage)s”."),
            Status.WON: _("Well done! “%(name)s” was won."),
            Status.LOST: _("“%(name)s” was marked as lost."),
        }
        text = texts[Status(row.status)] % {"name": row.name, "stage": row.stage}
        return {"text": text, "level": "success", "undo": self.move_url("opportunity_move_undo", row.pk, token=token)}

    def ask(self, row: Opportunity, error: DomainError) -> HttpResponse:
        form = LoseForm(
            user=self.request.user,
            opportunity=row,
            initial={"stage": self.request.POST.get("stage"), "version": row.version},
        )
        context = {
            "view_title": _("Why was “%(name)s” lost?") % {"name": row.name},
            "form": form,
            "form_action": self.move_url("opportunity_lose", row.pk, board="1"),
            "submit_label": _("Mark as lost"),
            "danger": True,
        }
        return HttpResponse(render_to_string("generic/_dialog.html", context, self.request), status=422)


class OpportunityMoveUndoView(OpportunityMoveView):
    """Takes one's own last move back."""

    page_keys: ClassVar[tuple[str, ...]] = (*OpportunityMoveView.page_keys, "token")

    def perform(self, row: Opportunity) -> dict[str, Any] | None:
        back = opportunity_move_undo(
            actor=self.request.user, opportunity=row, visit_token=self.request.GET.get("token", "")
        )
        row.stage = Stage.objects.for_user(self.request.user, "view").get(pk=back.stage_id)
        text = _("“%(name)s” is back in “%(stage)s”.") % {"name": row.name, "stage": row.stage}
        return {"text": text, "level": "success", "undo": ""}

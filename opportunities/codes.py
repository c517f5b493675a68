"""Sentences of the audit log that belong to opportunities."""

from django.utils.translation import gettext_lazy as _

from core import audit

STAGES = {"from": "stage", "to": "stage"}

audit.register("opportunity.created", _("created the opportunity"))
audit.register("opportunity.changed", _("changed the opportunity"))
audit.register("opportunity.moved", _("moved the opportunity from “%(from)s” to “%(to)s”"), shows=STAGES)
audit.register(
    "opportunity.move_undone", _("took the move to “%(from)s” back; the opportunity is in “%(to)s” again"), shows=STAGES
)
audit.register("opportunity.won", _("marked the opportunity as won"))
audit.register("opportunity.lost", _("marked the opportunity as lost: %(reason)s"), shows={"reason": "close_reason"})
audit.register("opportunity.reopened", _("reopened the opportunity in “%(to)s”"), shows=STAGES)
audit.register(
    "opportunity.cycle_changed", _("moved the opportunity to the sales cycle “%(cycle)s”"), shows={"cycle": "cycle"}
)
audit.register("opportunity.next_step", _("planned the next step"))
audit.register("opportunity.line_saved", _("changed the line of %(product)s"))
audit.register("opportunity.line_deleted", _("removed the line of %(product)s"))
audit.register("opportunity.person_saved", _("changed the part of %(contact)s in the purchase"))
audit.register("opportunity.person_removed", _("removed %(contact)s from the purchase"))
audit.register("opportunities.backfilled", _("completed the stage history of %(count)s opportunities"))
audit.register("cycle.stages_ordered", _("changed the order of the stages"))
audit.register("cycle.made_default", _("made the sales cycle the default"))
audit.register("stage.saved", _("changed the stage “%(stage)s”"))
audit.register("stage.deleted", _("deleted the stage “%(stage)s”"))

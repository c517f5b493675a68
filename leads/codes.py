"""Sentences of the leads app: what people did, and what the bell says."""

from django.utils.translation import gettext_lazy as _

from core import audit, notifications

audit.register("lead.created", _("recorded the lead"))
audit.register("lead.captured", _("sent the web form “%(form)s”"), by_visitor=True)
audit.register("lead.contacted", _("contacted the lead"))
audit.register("lead.qualified", _("qualified the lead"))
audit.register("lead.nurturing", _("put the lead into nurturing"))
audit.register("lead.new", _("set the lead back to new"))
audit.register("lead.disqualified", _("disqualified the lead: %(reason)s"), shows={"reason": "disqualify_reason"})
audit.register("lead.reopened", _("reopened the lead"))
audit.register("lead.next_step_set", _("planned the next step: %(step)s"), shows={"step": "next_step"})
audit.register("lead.next_step_done", _("cleared the next step: %(step)s"), shows={"step": "next_step"})
audit.register("lead.converted", _("converted the lead"))

notifications.register(
    "lead.assigned",
    _("The lead “%(name)s” is now yours."),
    label=_("A new lead is given to me"),
    channels=("app", "email"),
)
notifications.register(
    "lead.captured",
    _("“%(name)s” filled in the web form “%(form)s”."),
    label=_("Somebody fills in a web form of mine"),
    channels=("app", "email"),
)

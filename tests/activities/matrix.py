"""Who gets into the pages of this app."""

from tests.matrix import EVERYBODY, WITH_ROLE, public, row

READERS = "rep teammate manager executive marketer support admin"
OTHERS = "teammate outsider executive marketer support"  # they have the right, not on this activity
CHANGERS = "rep manager marketer admin"  # of the rep's lead

MATRIX = {
    "activities:activity_add": row(WITH_ROLE),
    "activities:activity_bulk": row(WITH_ROLE, "=done", post=True),
    "activities:activity_cancel": row("rep manager admin", "meeting", missing=OTHERS),
    "activities:activity_complete": row("rep manager admin", "meeting", missing=OTHERS),
    "activities:activity_delete": row("rep manager admin", "meeting", missing=OTHERS),
    "activities:activity_detail": row(
        "rep manager executive admin", "meeting", missing="teammate outsider marketer support"
    ),
    "activities:activity_edit": row("rep manager admin", "meeting", missing=OTHERS),
    "activities:activity_handover": row("rep manager admin", "meeting", missing=OTHERS),
    "activities:activity_answer": row(
        "rep manager executive admin",
        "meeting",
        "=accepted",
        missing="teammate outsider marketer support",
        post=True,
    ),
    "activities:activity_invite": row("rep manager admin", "meeting", missing=OTHERS),
    "activities:activity_list": row(WITH_ROLE),
    "activities:activity_log": row(WITH_ROLE, "=call"),
    "activities:activity_plan": row(WITH_ROLE),
    "activities:activity_reopen": row("rep manager admin", "meeting", missing=OTHERS, post=True),
    "activities:activity_snooze": row("rep manager admin", "meeting", missing=OTHERS),
    "activities:colleagues": row(EVERYBODY),
    "activities:follow": row(
        "rep manager executive marketer admin", "=leads.lead", "lead", missing="nobody teammate outsider support"
    ),
    "activities:reminders": row(EVERYBODY),
    "activities:mention": row(
        "rep", "mention", missing="nobody teammate outsider manager executive marketer support admin"
    ),
    "activities:activityoutcome_add": row("manager admin"),
    "activities:activityoutcome_delete": row("manager admin", "outcome"),
    "activities:activityoutcome_edit": row("manager admin", "outcome"),
    "activities:activityoutcome_list": row("manager admin"),
    "activities:activity_undo": row(WITH_ROLE, post=True),
    "activities:checklist_add": row("rep manager admin", "meeting", missing=OTHERS, post=True, text="x"),
    "activities:checklist_item": row("rep manager admin", "check", missing=OTHERS, post=True, done="1"),
    "activities:calendar_import": row(WITH_ROLE),
    "activities:feed_list": row(EVERYBODY),
    "activities:feed_revoke": row(
        "rep", "feed", missing="nobody teammate outsider manager executive marketer support admin", post=True
    ),
    "calendar_feed": public("feed.token"),
    "activities:calendar": row(WITH_ROLE),
    "activities:calendar_event": row(
        "rep manager executive admin", "meeting", missing="teammate outsider marketer support"
    ),
    "activities:calendar_move": row("rep manager admin", "meeting", missing=OTHERS),
    "activities:calendar_undo": row("rep manager admin", "meeting", missing=OTHERS, post=True),
    "activities:resource_add": row("manager admin"),
    "activities:resource_delete": row("manager admin", "room"),
    "activities:resource_edit": row("manager admin", "room"),
    "activities:resource_free": row(WITH_ROLE),
    "activities:resource_list": row("manager admin"),
    "invitation": public("guest.token"),
    "activities:note_add": row(READERS, "=accounts.account", "account", missing="outsider"),
    "activities:note_delete": row("rep admin", "note", missing="teammate outsider executive marketer support"),
    "activities:note_edit": row("rep admin", "note", missing="teammate outsider executive marketer support"),
    "activities:timeline_changes": row(READERS, "=accounts.account", "account", "entry", missing="nobody outsider"),
    "activities:timeline_pin": row(
        "rep manager admin",
        "=accounts.account",
        "account",
        missing="nobody teammate outsider executive marketer support",
        post=True,
    ),
    "activities:repetition_preview": row(EVERYBODY),
    "activities:repetition_stop": row("rep manager admin", "meeting", missing=OTHERS, post=True),
    "activities:sequence_add": row("manager admin"),
    "activities:sequence_dates": row(CHANGERS, "=leads.lead", "lead", missing="teammate outsider support"),
    "activities:sequence_delete": row("manager admin", "sequence"),
    "activities:sequence_edit": row("manager admin", "sequence"),
    "activities:sequence_list": row(EVERYBODY),
    "activities:sequence_start": row(CHANGERS, "=leads.lead", "lead", missing="teammate outsider support"),
    "activities:sequence_stop": row(CHANGERS, "run", missing="nobody teammate outsider support", post=True),
    "activities:step_add": row("manager admin", "sequence"),
    "activities:step_delete": row("manager admin", "step"),
    "activities:step_down": row("manager admin", "step", post=True),
    "activities:step_edit": row("manager admin", "step"),
    "activities:step_up": row("manager admin", "step", post=True),
}

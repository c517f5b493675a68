"""Who gets into the pages of this app."""

from tests.matrix import WITH_ROLE, public, row

MATRIX = {
    "capture": public("captureform.token"),
    "capture_thanks": public("captureform.token"),
    "leads:captureform_add": row("manager marketer admin"),
    "leads:captureform_delete": row("manager marketer admin", "captureform"),
    "leads:captureform_detail": row("manager executive marketer admin", "captureform"),
    "leads:captureform_edit": row("manager marketer admin", "captureform"),
    "leads:captureform_list": row("manager executive marketer admin"),
    "leads:lead_add": row("rep teammate outsider manager marketer support admin"),
    "leads:lead_assign": row("rep manager marketer admin", "lead", missing="teammate outsider"),
    "leads:lead_convert": row("rep manager admin", "lead", missing="teammate outsider"),
    "leads:lead_delete": row("rep manager admin", "lead", missing="teammate outsider"),
    "leads:lead_detail": row("rep manager executive marketer admin", "lead", missing="teammate outsider support"),
    "leads:lead_disqualify": row("rep manager marketer admin", "lead", missing="teammate outsider support"),
    "leads:lead_counts": row(WITH_ROLE),
    "leads:lead_duplicates": row(WITH_ROLE),
    "leads:lead_edit": row("rep manager marketer admin", "lead", missing="teammate outsider support"),
    "leads:lead_list": row(WITH_ROLE),
    "leads:lead_quick": row("rep teammate outsider manager marketer support admin"),
    "leads:lead_reopen": row("rep manager marketer admin", "lead", missing="teammate outsider support", post=True),
    "leads:lead_status": row(
        "rep manager marketer admin", "lead", "=contacted", missing="teammate outsider support", post=True
    ),
}

"""The audit entries sample records would have, had people made them by hand."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import Account
from core.models import AuditEntry
from leads.models import Lead
from opportunities.models import Opportunity

MARK = {"sample": True}

_COLUMNS = (
    "INSERT INTO core_auditentry (at, actor_id, code, params, content_type_id, object_id, object_label, request_id)"
)
LEADS = f"""
{_COLUMNS}
SELECT s.at, l.created_by_id, s.code, s.params || '{{"sample": true}}', %(lead)s, l.id,
       trim(l.first_name || ' ' || l.last_name), ''
FROM leads_lead l
LEFT JOIN leads_disqualifyreason r ON r.id = l.disqualify_reason_id
CROSS JOIN LATERAL (VALUES
    (l.created_at, 'lead.created', '{{}}'::jsonb),
    (CASE WHEN l.status IN ('contacted', 'qualified', 'nurturing') THEN l.status_at END, 'lead.' || l.status, '{{}}'::jsonb),
    (CASE WHEN l.status = 'disqualified' THEN l.status_at END, 'lead.disqualified',
     jsonb_build_object('reason', coalesce(r.name_fa, ''))),
    (l.converted_at, 'lead.converted', '{{}}'::jsonb)
) AS s (at, code, params)
WHERE l.is_sample AND s.at IS NOT NULL
"""
DEALS = f"""
{_COLUMNS}
SELECT v.entered_at, v.moved_by_id,
       CASE WHEN v.before IS NULL THEN 'opportunity.created' WHEN v.kind = 'open' THEN 'opportunity.moved'
            ELSE 'opportunity.' || v.kind END,
       jsonb_build_object('from', coalesce(v.before, ''), 'to', v.name_fa, 'reason', coalesce(r.name_fa, ''), 'sample', true),
       %(deal)s, o.id, o.name, ''
FROM (
    SELECT sv.*, s.name_fa, s.kind, lag(s.name_fa) OVER (PARTITION BY sv.opportunity_id ORDER BY sv.entered_at, sv.id) AS before
    FROM opportunities_stagevisit sv JOIN opportunities_stage s ON s.id = sv.stage_id
) v
JOIN opportunities_opportunity o ON o.id = v.opportunity_id
LEFT JOIN opportunities_closereason r ON r.id = o.close_reason_id
WHERE o.is_sample
"""
RELATED = """
INSERT INTO core_auditrelated (entry_id, at, content_type_id, object_id)
SELECT e.id, e.at, %(account)s, o.account_id
FROM core_auditentry e JOIN opportunities_opportunity o ON o.id = e.object_id
WHERE e.content_type_id = %(deal)s AND e.params @> '{"sample": true}' AND o.account_id IS NOT NULL
"""


def tell_story() -> None:
    """Write an entry for each thing that happened to the sample leads and deals; accounts tell their deals' too."""
    kinds = {
        name: ContentType.objects.get_for_model(model).pk
        for name, model in (("lead", Lead), ("deal", Opportunity), ("account", Account))
    }
    with connection.cursor() as cursor:
        for statement in (LEADS, DEALS, RELATED):
            cursor.execute(statement, kinds)


def forget_story() -> int:
    """Take the sample's entries out of the log; says how many."""
    return int(AuditEntry.objects.filter(params__contains=MARK).delete()[0])

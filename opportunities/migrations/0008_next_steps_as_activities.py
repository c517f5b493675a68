"""Next steps become activities: follow-ups of the record's owner, linked to the record; the columns are their copy.

Steps of closed records, which nobody will take, become cancelled ones, and those of records in the bin go there too.
"""

from django.db import migrations

FORWARD = """
CREATE TEMPORARY TABLE next_steps ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('activities_activity', 'id')) AS activity_id, record.*,
       record.status = 'open' AS is_open, kind.id AS kind_id
FROM opportunities_opportunity AS record
JOIN django_content_type AS kind ON kind.app_label = 'opportunities' AND kind.model = 'opportunity'
WHERE record.next_activity_id IS NULL AND (record.next_step <> '' OR record.next_step_at IS NOT NULL);

INSERT INTO activities_activity (
    id, created_at, updated_at, version, deleted_at, deleted_by_id, is_sample, created_by_id, owner_id, team_id, kind,
    subject, text, status, priority, direction, due_at, all_day, location, is_private, outcome_note, uid, external_key
)
SELECT activity_id, updated_at, updated_at, 1, deleted_at, deleted_by_id, is_sample, created_by_id, owner_id, team_id,
       'follow_up', COALESCE(NULLIF(next_step, ''), 'پیگیری'), '',
       CASE WHEN is_open THEN 'planned' ELSE 'cancelled' END, 2, '', next_step_at, false, '', false, '', '', ''
FROM next_steps;

INSERT INTO activities_activitylink (activity_id, content_type_id, object_id, position, at)
SELECT activity_id, kind_id, id, 0, COALESCE(next_step_at, updated_at) FROM next_steps;

UPDATE opportunities_opportunity AS record
SET next_step = CASE WHEN kept THEN COALESCE(NULLIF(step.next_step, ''), 'پیگیری') ELSE '' END,
    next_step_at = CASE WHEN kept THEN step.next_step_at END,
    next_activity_id = CASE WHEN kept THEN step.activity_id END
FROM (
    SELECT *, is_open AND deleted_at IS NULL AND next_step_at IS NOT NULL AS kept FROM next_steps
) AS step
WHERE record.id = step.id;

DROP TABLE next_steps;
"""

# The columns hold the steps again; the activities they were copied from go to the bin.
BACKWARD = """
UPDATE activities_activity SET deleted_at = now()
WHERE deleted_at IS NULL AND id IN (SELECT next_activity_id FROM opportunities_opportunity);

UPDATE opportunities_opportunity SET next_activity_id = NULL WHERE next_activity_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("opportunities", "0007_next_activity"),
        ("activities", "0002_defaults"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    # The table as it was then: columns that came later would have to be filled too.
    run_before = [("activities", "0003_invitation")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

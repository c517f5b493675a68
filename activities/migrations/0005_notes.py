"""Notes on accounts and contacts become activities: their words, authors, moments, pins, history and log entries.

A note that was deleted for good keeps its history: its rows move under a key of its own.
"""

from django.db import migrations

FORWARD = """
INSERT INTO django_content_type (app_label, model) VALUES ('activities', 'activity') ON CONFLICT DO NOTHING;

CREATE TEMPORARY TABLE old_notes ON COMMIT DROP AS
SELECT known.id AS note_id, nextval(pg_get_serial_sequence('activities_activity', 'id')) AS activity_id
FROM (SELECT id FROM accounts_note UNION SELECT pgh_obj_id FROM accounts_noteevent ORDER BY 1) AS known;

INSERT INTO activities_activityevent (
    pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, id, created_at, created_by_id, deleted_at, deleted_by_id,
    is_sample, kind, subject, text, status, priority, direction, all_day, location, is_private, outcome_note, done_at,
    done_by_id, owner_id, uid, external_key
)
SELECT event.pgh_created_at, event.pgh_label, old.activity_id, event.pgh_context_id, old.activity_id, event.created_at,
       event.created_by_id, event.deleted_at, event.deleted_by_id, event.is_sample, 'note', '', event.text, 'done', 2, '',
       false, '', false, '', event.created_at, event.created_by_id, event.created_by_id, '', ''
FROM accounts_noteevent AS event JOIN old_notes AS old ON old.note_id = event.pgh_obj_id
ORDER BY event.pgh_id;

INSERT INTO activities_activity (
    id, created_at, updated_at, version, deleted_at, deleted_by_id, is_sample, created_by_id, owner_id, team_id, kind,
    subject, text, status, priority, direction, all_day, location, is_private, outcome_note, done_at, done_by_id, uid,
    external_key
)
SELECT old.activity_id, note.created_at, note.updated_at, note.version, note.deleted_at, note.deleted_by_id,
       note.is_sample, note.created_by_id, note.created_by_id, author.team_id, 'note', '',
       CASE WHEN note.text = '' THEN '…' ELSE note.text END, 'done', 2, '', false, '', false, '', note.created_at,
       note.created_by_id, '', ''
FROM accounts_note AS note
JOIN old_notes AS old ON old.note_id = note.id
LEFT JOIN users_user AS author ON author.id = note.created_by_id;

INSERT INTO activities_activitylink (activity_id, content_type_id, object_id, position, at)
SELECT old.activity_id, kind.id, COALESCE(note.account_id, note.contact_id), 0, note.created_at
FROM accounts_note AS note
JOIN old_notes AS old ON old.note_id = note.id
JOIN django_content_type AS kind
  ON kind.app_label = 'accounts' AND kind.model = CASE WHEN note.account_id IS NULL THEN 'contact' ELSE 'account' END;

INSERT INTO activities_pin (created_at, updated_at, content_type_id, object_id, item, by_id)
SELECT note.created_at, now(), link.content_type_id, link.object_id, 'activity:' || old.activity_id, note.created_by_id
FROM accounts_note AS note
JOIN old_notes AS old ON old.note_id = note.id
JOIN activities_activitylink AS link ON link.activity_id = old.activity_id
WHERE note.is_pinned AND note.deleted_at IS NULL;

UPDATE core_auditentry AS entry SET content_type_id = new.id, object_id = old.activity_id
FROM django_content_type AS kind, django_content_type AS new, old_notes AS old
WHERE kind.app_label = 'accounts' AND kind.model = 'note' AND new.app_label = 'activities' AND new.model = 'activity'
  AND entry.content_type_id = kind.id AND entry.object_id = old.note_id;

DROP TABLE old_notes;
"""

# Notes of accounts and contacts go back with their words, authors, moments and pins; others stay activities.
BACKWARD = """
CREATE TEMPORARY TABLE new_notes ON COMMIT DROP AS
SELECT DISTINCT ON (activity.id) activity.*, kind.model, link.content_type_id, link.object_id
FROM activities_activity AS activity
JOIN activities_activitylink AS link ON link.activity_id = activity.id
JOIN django_content_type AS kind ON kind.id = link.content_type_id AND kind.app_label = 'accounts'
WHERE activity.kind = 'note' AND kind.model IN ('account', 'contact')
ORDER BY activity.id, link.position, link.id;

INSERT INTO accounts_note (
    created_at, updated_at, version, deleted_at, deleted_by_id, is_sample, created_by_id, account_id, contact_id, text,
    is_pinned
)
SELECT COALESCE(done_at, created_at), updated_at, version, deleted_at, deleted_by_id, is_sample, created_by_id,
       CASE WHEN model = 'account' THEN object_id END, CASE WHEN model = 'contact' THEN object_id END,
       concat_ws(E'\\n', NULLIF(subject, ''), NULLIF(text, '')),
       EXISTS (SELECT 1 FROM activities_pin AS pin WHERE pin.item = 'activity:' || new_notes.id)
FROM new_notes ORDER BY id;

DELETE FROM activities_pin WHERE item IN (SELECT 'activity:' || id FROM new_notes);
DELETE FROM activities_mention WHERE activity_id IN (SELECT id FROM new_notes);
DELETE FROM activities_activitylink WHERE activity_id IN (SELECT id FROM new_notes);
UPDATE activities_activity SET deleted_at = COALESCE(deleted_at, now()) WHERE id IN (SELECT id FROM new_notes);

DROP TABLE new_notes;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0004_reminder_choice"),
        ("accounts", "0005_relation_unique"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0008_audit_related_index"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

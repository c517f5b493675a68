"""Long work of the app: importing a calendar file."""

import base64
import zlib
from typing import Any

from django.utils.translation import gettext as _

from activities.ics.read import Parsed, read
from activities.services.calendar_import import calendar_import
from core import display, jobs
from core.models import Job

CALENDAR_IMPORT = "activities.calendar_import"
PROBLEMS_SHOWN = 30


def packed(data: bytes) -> str:
    """A file as the row of a job keeps it."""
    return base64.b64encode(zlib.compress(data, 6)).decode()


def unpacked(text: str) -> bytes:
    """The file again."""
    return zlib.decompress(base64.b64decode(text))


def parsed_for(user: Any, data: bytes) -> Parsed:
    """The file as the user's clock reads it."""
    return read(data, zone=user.display.tz)


def _import_calendar(job: jobs.RunningJob) -> dict[str, Any]:
    parsed = parsed_for(job.owner, unpacked(job.params["content"]))
    name = str(job.params.get("file", ""))
    result = calendar_import(actor=job.owner, parsed=parsed, file=name, progress=job.progress)
    Job.objects.filter(pk=job.job.pk).update(params={"file": name})
    told = {
        _("New"): display.format_number(result.created),
        _("Changed"): display.format_number(result.updated),
        _("Here already"): display.format_number(result.same),
        _("Left out"): display.format_number(result.left + len(result.problems)),
    }
    for problem in result.problems[:PROBLEMS_SHOWN]:
        label = _("Entry %(number)s") % {"number": display.format_number(problem.number)}
        told[label] = f"{problem.summary}: {problem.reason}" if problem.summary else problem.reason
    return told


jobs.register(CALENDAR_IMPORT, _import_calendar)

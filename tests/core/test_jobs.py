"""Background jobs: run by the worker's own function, progress, refusal, crash, repeat, cancel, lost worker."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.errors import DomainError
from core.models import Job
from core.tasks import requeue_stale_jobs, run_job

calls: list[int] = []


def counting(job: jobs.RunningJob) -> dict:
    for step in range(1, job.params["steps"] + 1):
        job.progress(step, job.params["steps"])
    calls.append(job.job.pk)
    return {"steps": job.params["steps"]}


def refusing(job: jobs.RunningJob) -> dict:
    raise DomainError("فایل خالی است.")


def crashing(job: jobs.RunningJob) -> dict:
    raise RuntimeError("secret detail")


def asking_to_stop(job: jobs.RunningJob) -> dict:
    jobs.cancel(actor=job.owner, job=job.job)
    job.progress(1, 2)
    raise AssertionError("a cancelled job went on")


@pytest.fixture(autouse=True)
def handlers():
    calls.clear()
    for handler in (counting, refusing, crashing, asking_to_stop):
        jobs.register(f"test.{handler.__name__}", handler)


def queue(owner, kind: str, **params) -> Job:
    return Job.objects.create(owner=owner, kind=f"test.{kind}", title="کار", params=params)


def finished(job: Job) -> Job:
    run_job(job.pk)
    job.refresh_from_db()
    return job


def test_a_job_runs_once_its_transaction_is_committed(rep, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.start(actor=rep, kind="test.counting", title="شمارش", params={"steps": 3})
        assert not calls
    job.refresh_from_db()
    assert (job.status, job.done, job.total, job.result) == ("done", 3, 3, {"steps": 3})
    assert job.percent == 100


def test_a_repeated_message_does_nothing(rep):
    job = finished(queue(rep, "counting", steps=1))
    run_job(job.pk)
    assert calls == [job.pk]


def test_a_refusal_is_told_in_words(rep):
    job = finished(queue(rep, "refusing"))
    assert (job.status, job.error) == ("failed", "فایل خالی است.")


def test_a_crash_tells_no_secrets(rep, caplog):
    job = finished(queue(rep, "crashing"))
    assert job.status == "failed"
    assert job.error
    assert "secret" not in job.error


def test_cancelling_stops_a_running_job(rep):
    assert finished(queue(rep, "asking_to_stop")).status == "cancelled"


def test_cancelling_a_waiting_job_stops_it_at_once(rep):
    job = queue(rep, "counting", steps=1)
    jobs.cancel(actor=rep, job=job)
    assert finished(job).status == "cancelled"
    assert not calls
    with pytest.raises(DomainError):
        jobs.cancel(actor=rep, job=job)


def test_a_job_whose_worker_died_is_taken_up_again(rep):
    long_ago = timezone.now() - jobs.STALE_AFTER - dt.timedelta(minutes=1)
    dead, alive = queue(rep, "counting", steps=1), queue(rep, "counting", steps=1)
    Job.objects.filter(pk=dead.pk).update(status="running", heartbeat_at=long_ago)
    Job.objects.filter(pk=alive.pk).update(status="running", heartbeat_at=timezone.now())
    requeue_stale_jobs()
    assert calls == [dead.pk]
    dead.refresh_from_db()
    assert dead.status == "done"


def test_a_lost_message_is_sent_again(rep):
    job = queue(rep, "counting", steps=1)
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - jobs.STALE_AFTER - dt.timedelta(minutes=1))
    requeue_stale_jobs()
    assert calls == [job.pk]


def test_the_page_of_a_job_is_its_owners(rep, teammate, admin):
    job = queue(rep, "counting", steps=1)
    url = reverse("job_detail", args=[job.pk])
    for user, status in ((rep, 200), (teammate, 404), (admin, 200)):
        client = Client()
        client.force_login(user)
        assert client.get(url).status_code == status
    client = Client()
    client.force_login(rep)
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert client.post(url).status_code == 302
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert job.title in client.get(reverse("job_list")).content.decode()


def test_the_file_of_a_job_is_its_owners(rep, teammate):
    from django.core.files.base import ContentFile

    job = queue(rep, "counting", steps=1)
    job.file.save("report.csv", ContentFile(b"a,b"))
    url = reverse("job_file", args=[job.pk])
    client = Client()
    client.force_login(rep)
    response = client.get(url)
    assert b"".join(response.streaming_content) == b"a,b"
    assert "attachment" in response["Content-Disposition"]
    client.force_login(teammate)
    assert client.get(url).status_code == 404

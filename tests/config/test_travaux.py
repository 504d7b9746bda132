"""What staff scheduled goes online and offline with the periodic work, once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from fiches.upkeep import periodic
from tests.factories import ContentPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def run_scheduled_publications(monkeypatch):
    """``run_scheduled_publications()`` does the scheduled publications and nothing else."""
    monkeypatch.setattr(periodic, "WORKS", {"publications": periodic.WORKS["publications"]})
    return periodic.run_due


def test_a_page_goes_online_at_its_hour_and_once(home_page, run_scheduled_publications):
    page = ContentPageFactory(parent=home_page, live=False)
    page.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    assert run_scheduled_publications() == {"publications": 1}
    page.refresh_from_db()
    assert page.live
    run_scheduled_publications(timezone.now() + timedelta(minutes=2))
    assert PageLogEntry.objects.filter(page=page, action="wagtail.publish.scheduled").count() == 1


def test_a_page_goes_offline_at_its_hour(home_page, run_scheduled_publications):
    page = ContentPageFactory(parent=home_page, expire_at=timezone.now() - timedelta(minutes=1))
    run_scheduled_publications()
    page.refresh_from_db()
    assert not page.live and page.expired


def test_a_page_that_can_not_be_published_keeps_no_other_from_it_and_is_named(
    home_page, run_scheduled_publications, caplog
):
    broken, whole = (ContentPageFactory(parent=home_page, live=False) for _each in range(2))
    for page in (broken, whole):
        page.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    broken.latest_revision.content = {"pk": broken.pk}
    broken.latest_revision.save()
    with pytest.raises(ExceptionGroup):
        run_scheduled_publications()
    assert list(type(whole).objects.filter(pk__in=[broken.pk, whole.pk], live=True)) == [whole]
    assert [record.key for record in caplog.records if record.message == "item_failed"] == [broken.latest_revision_id]


def test_what_expires_before_its_new_text_is_due_stays_offline(home_page, run_scheduled_publications):
    now = timezone.now()
    page = ContentPageFactory(parent=home_page, expire_at=now - timedelta(minutes=2))
    page.save_revision(approved_go_live_at=now - timedelta(minutes=1))
    assert run_scheduled_publications() == {"publications": 1}
    page.refresh_from_db()
    assert not page.live and page.expired


def test_nobody_waits_longer_than_a_minute():
    assert periodic.WORKS["publications"].every == timedelta(minutes=1)

"""What staff scheduled goes online and offline with the periodic work, once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from fiches import echeances
from tests.factories import ContentPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(monkeypatch):
    """``due()`` does the scheduled publications and nothing else."""
    monkeypatch.setattr(echeances, "WORKS", {"publications": echeances.WORKS["publications"]})
    return echeances.run_due


def test_a_page_goes_online_at_its_hour_and_once(home_page, due):
    page = ContentPageFactory(parent=home_page, live=False)
    page.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    assert due() == {"publications": None}
    page.refresh_from_db()
    assert page.live
    due(timezone.now() + timedelta(minutes=2))
    assert PageLogEntry.objects.filter(page=page, action="wagtail.publish.scheduled").count() == 1


def test_a_page_goes_offline_at_its_hour(home_page, due):
    page = ContentPageFactory(parent=home_page, expire_at=timezone.now() - timedelta(minutes=1))
    due()
    page.refresh_from_db()
    assert not page.live and page.expired


def test_nobody_waits_longer_than_a_minute():
    assert echeances.WORKS["publications"].every == timedelta(minutes=1)

"""`make run` on another port than the time before."""

import pytest
from wagtail.models import Site

from tools.prepare import follow_port

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("served_on", "hostname", "port"),
    [
        ("http://127.0.0.1:8123", "127.0.0.1", 8123),
        ("http://127.0.0.1", "127.0.0.1", 80),
        ("http://127.0.0.1:8123", "rally.test", 8000),
    ],
)
def test_the_pages_of_the_demo_lead_to_the_port_of_this_time(settings, served_on, hostname, port):
    Site.objects.filter(is_default_site=True).update(hostname=hostname, port=8000)
    settings.BASE_URL = served_on
    follow_port()
    assert Site.objects.get().port == port

"""`make run` once more: on another port than the time before, or with the database of another version."""

import pytest
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import Site

from tools.prepare import follow_port, refuse_a_base_of_before

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


def test_the_database_of_another_version_is_refused_in_one_line_that_says_how_to_start_again():
    refuse_a_base_of_before()
    MigrationRecorder.Migration.objects.create(app="fiches", name="0017_register_of_all_pages")
    with pytest.raises(SystemExit, match=r"^La base .+ vient d’une autre version du site\. .+ relancez : make run$"):
        refuse_a_base_of_before()

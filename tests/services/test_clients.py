"""The reference clients, run as a partner runs them: programs of their own, over HTTP, against our server."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from wagtail.models import Page, PageViewRestriction

from bench import generation
from tests.factories import ContentPageFactory, FichePageFactory

CLIENTS = Path(__file__).parents[2] / "docs" / "clients"
PROGRAMS = {"python": (sys.executable, CLIENTS / "miroir.py"), "php": ("php", CLIENTS / "miroir.php")}

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(params=PROGRAMS)
def mirror(request, live_server, tree, tmp_path, settings):
    """Runs the client once and gives what its copy holds: ``{id: fiche}``."""
    settings.RALLYNOV_API_QUOTA = 0
    copy = tmp_path / "copie.json"

    def run():
        done = subprocess.run(
            [*PROGRAMS[request.param], live_server.url, copy], capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return json.loads(copy.read_text("utf-8"))["fiches"]

    return run


@pytest.fixture
def api_fiches(client, live_server):
    """``{id: fiche}`` as the API shows them now."""

    def read():
        items, address = [], "/api/v1/fiches?par_page=100"
        while address:
            page = client.get(address, headers={"host": live_server.url.removeprefix("http://")}).json()
            items += page["items"]
            address = page["next"]
        return {str(item["id"]): item for item in items}

    return read


def test_a_copy_is_ours_through_the_whole_life_of_a_fiche(mirror, api_fiches, tree):
    kept, changed, gone = FichePageFactory.create_batch(3, parent=tree.fiches, effectif=12)
    assert mirror() == api_fiches() and len(api_fiches()) == 3

    changed.title, changed.slug = "Un titre « neuf » & long", "ailleurs"
    changed.save_revision().publish()
    assert mirror() == api_fiches()
    assert api_fiches()[str(changed.pk)]["titre"] == "Un titre « neuf » & long"

    kept.unpublish()
    assert mirror() == api_fiches() and str(kept.pk) not in api_fiches()
    kept.save_revision().publish()
    assert mirror() == api_fiches() and str(kept.pk) in api_fiches()

    gone.delete()
    assert mirror() == api_fiches() and len(api_fiches()) == 2

    shelf = ContentPageFactory(parent=tree.home, slug="rayon")
    tree.fiches.refresh_from_db()
    tree.fiches.move(Page.objects.get(pk=shelf.pk), pos="last-child")
    assert mirror() == api_fiches()
    assert api_fiches()[str(changed.pk)]["url"].endswith("/rayon/fiches/ailleurs/")

    PageViewRestriction.objects.create(page=shelf, restriction_type=PageViewRestriction.LOGIN)
    assert mirror() == api_fiches() == {}


def test_a_copy_holds_more_fiches_than_one_page(mirror, api_fiches, tree):
    generation.main(["230"])
    assert mirror() == api_fiches() and len(api_fiches()) == 230

"""What leaves the site can be read from any other, and leads back to where it came from."""

import datetime
import json

import pytest

from fiches.models import Publication
from tests.factories import EtapePageFactory, FichePageFactory, IllustrationFactory

pytestmark = pytest.mark.django_db


def test_a_page_that_went_says_which_it_was_and_where_it_stood(read, epicerie):
    uid = str(epicerie.translation_key)
    epicerie.unpublish()
    row = Publication.objects.get(kind="fiche", object_id=epicerie.pk)
    assert read("suppressions").json()["items"] == [
        {
            "id": epicerie.pk,
            "uid": uid,
            "type": "fiche",
            "langue": "fr",
            "slug": "epicerie",
            "url": "http://localhost/fiches/epicerie/",
            "retire_le": row.withdrawn_at.isoformat().replace("+00:00", "Z"),
        }
    ]


def test_a_deleted_etape_is_named_by_its_own_identifier(read, tree):
    etape = EtapePageFactory(parent=tree.etapes, slug="dole")
    uid = str(etape.uid)
    etape.delete()
    (gone,) = read("suppressions").json()["items"]
    assert (gone["uid"], gone["url"]) == (uid, "http://localhost/etapes/dole/")


def structured(client, address):
    page = client.get(address).content.decode()
    blocks = [part.partition("</script>")[0] for part in page.split('<script type="application/ld+json">')[1:]]
    return [json.loads(block) for block in blocks]


def test_a_fiche_says_to_search_engines_who_wrote_it_and_what_it_looks_like(client, tree):
    FichePageFactory(
        parent=tree.fiches,
        slug="recette",
        photo=IllustrationFactory(),
        photo_alt="Un atelier",
        first_published_at=datetime.datetime(2013, 4, 16, 12, tzinfo=datetime.UTC),
    )
    article = next(data for data in structured(client, "/fiches/recette/") if data["@type"] == "Article")
    assert article["image"].startswith("http://localhost/media/images/")
    assert article["author"] == {"@type": "Organization", "name": "Agrodoubs"}
    assert article["publisher"] == {"@type": "Organization", "name": "Rally’nov", "url": "http://localhost/"}
    assert article["datePublished"] == "2013-04-16T14:00:00+02:00"

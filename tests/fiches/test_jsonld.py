import json

from etapes.jsonld import event
from fiches.pages.jsonld import article
from fiches.templatetags.rallynov import json_ld
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory


def test_nothing_in_a_title_ends_the_block():
    block = json_ld({"name": "</script><script>alert('&')</script>"})
    assert block.count("</script>") == 1
    text = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert json.loads(text) == {"name": "</script><script>alert('&')</script>"}


def test_an_article_tells_only_contacts_that_agreed(tree):
    fiche = FichePageFactory(
        parent=tree.fiches,
        contact_telephone="03 81 86 58 58",
        contact_telephone_public=True,
        contact_courriel="prive@agrodoubs.test",
    )
    data = article(fiche)
    assert data["about"]["telephone"] == "03 81 86 58 58"
    assert "email" not in data["about"]


def test_an_event_without_hours_has_a_date_only(tree):
    etape = EtapePageFactory(parent=tree.etapes, organisateurs=[PartenaireFactory(nom="L’Usine")])
    data = event(etape)
    assert data["startDate"] == "2013-04-16"
    assert "endDate" not in data
    assert data["organizer"] == [{"@type": "Organization", "name": "L’Usine"}]


def test_a_cancelled_etape_says_so_to_machines(tree):
    etape = EtapePageFactory(parent=tree.etapes, statut="annulee")
    assert event(etape)["eventStatus"] == "https://schema.org/EventCancelled"

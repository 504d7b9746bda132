"""Without a privacy page, a grid and a list of fiches, the site collects no data."""

import pytest

from fiches.candidatures.models import Dossier, Signalement
from fiches.models import Critere, FicheIndexPage
from tests.candidatures.conftest import text

LACKING = {
    "page": "une page de confidentialité ou des mentions légales en ligne, où rien n’est resté",
    "grille": "la grille, avec au moins un critère",
    "liste": "la liste des fiches",
}


def take_away(what, privacy_page):
    if what == "page":
        privacy_page.unpublish()
    elif what == "grille":
        Critere.objects.all().delete()
    else:
        FicheIndexPage.objects.get().delete()


@pytest.mark.parametrize("what", LACKING)
def test_nothing_is_asked_of_anyone_before_the_site_is_ready(visitor, privacy_page, staff, what):
    form = visitor.get("/candidature/").context["form"]
    take_away(what, privacy_page)
    for address in ("/candidature/", "/signaler/"):
        page = visitor.get(address)
        assert page.status_code == 200
        assert "<h1>Pas encore ouvert</h1>" in text(page)
        assert '<form method="post"' not in page.content.decode().partition("<main")[2]
    typed = {"depart": form["depart"].value()}
    visitor.post("/candidature/", {**typed, "courriel": "jeanne@tilleuls.test"})
    visitor.post("/signaler/", {**typed, "organisation": "Fruitière", "innovation": "Le lait de nuit"})
    assert (Dossier.objects.count(), Signalement.objects.count()) == (0, 0)
    # The staff read what is missing, and nothing else.
    told = text(staff.get("/admin/")).partition('id="pas-ouvert"')[2].partition("</section>")[0]
    assert [each for each in LACKING if LACKING[each] in told] == [what]


def test_a_site_that_has_it_all_is_open_and_its_staff_are_told_nothing(visitor, staff):
    assert "Pas encore ouvert" not in text(visitor.get("/candidature/"))
    assert "ne sont pas encore ouverts" not in text(staff.get("/admin/"))


def test_a_privacy_page_that_not_everybody_may_read_opens_nothing(visitor, privacy_page):
    privacy_page.view_restrictions.create(restriction_type="login")
    assert "Pas encore ouvert" in text(visitor.get("/signaler/"))


def test_a_link_that_was_sent_before_goes_on_working(sent, privacy_page):
    privacy_page.unpublish()
    assert sent.visitor.get(sent.link).context["dossier"] == sent.dossier

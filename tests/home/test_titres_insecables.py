"""Titles are typed with plain spaces: where they are read, no line begins with « : » or « ? », nor ends with « « »."""

import pytest
from bs4 import BeautifulSoup

from fiches.templatetags.rallynov import insecable
from tests.etapes.conftest import in_days
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory, PartenairesPageFactory

TYPED, READ = "Produire : « pour qui » ?", "Produire\u00a0: «\u00a0pour qui\u00a0»\u00a0?"


@pytest.mark.parametrize(
    ("title", "read"),
    [
        (TYPED, READ),
        (READ, READ),
        ("L'heure d'été, 'ici'", "L’heure d’été, 'ici'"),
        ("Why: for whom?", "Why: for whom?"),
        ("À 17:30", "À 17:30"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_title_is_not_cut_before_its_marks(title, read):
    assert insecable(title) == read


@pytest.mark.parametrize("address", ["/", "/fiches/", "/fiches/neuve/", "/etapes/", "/etapes/neuve/", "/partenaires/"])
def test_titles_are_not_cut_wherever_they_are_read(tree, client, address):
    PartenairesPageFactory(parent=tree.home, slug="partenaires")
    network = PartenaireFactory(roles=["organisateur"])
    EtapePageFactory(parent=tree.etapes, title=TYPED, slug="neuve", date=in_days(10), numero=1, organisateurs=[network])
    EtapePageFactory(parent=tree.etapes, title=TYPED, slug="d-apres", date=in_days(20), numero=2, statut="annulee")
    FichePageFactory(parent=tree.fiches, title=TYPED, slug="neuve")
    main = BeautifulSoup(client.get(address).content, "html.parser").select_one("main")
    for unread in main.select("script"):
        unread.decompose()
    assert READ in main.get_text()
    assert TYPED not in main.get_text()


def test_places_left_are_not_cut_from_their_number(tree, client):
    EtapePageFactory(parent=tree.etapes, slug="neuve", date=in_days(10), inscriptions="ouvertes", capacite=2)
    assert "Inscriptions ouvertes, 2\u00a0places libres" in client.get("/etapes/neuve/").content.decode()

"""The thesaurus that comes with the plugin: what people type under one name and fiches say under another."""

from collections import Counter

import pytest
from django.http import QueryDict

from fiches.models import Synonyme
from fiches.query.fiche_filter import FicheFilter
from fiches.query.thesaurus import load_thesaurus, read_thesaurus
from tests.factories import FichePageFactory

pytestmark = pytest.mark.django_db

ASKED = {
    "bicyclette": "L’atelier du vélo",
    "photovoltaïque": "Des panneaux solaires sur la fruitière",
    "RQTH": "Le handicap au bureau",
    "déserts médicaux": "Un meilleur accès aux soins",
    "illectronisme": "Réduire la fracture numérique",
    "semaine de 4 jours": "La semaine de quatre jours",
    "intergénérationnel": "Des liens entre générations",
    "crèche": "La garde d’enfants",
    "ESAT": "Un établissement et service d’aide par le travail",
}


@pytest.mark.parametrize(("asked", "title"), ASKED.items())
def test_a_new_site_finds_what_is_said_in_other_words(tree, asked, title):
    fiche = FichePageFactory(parent=tree.fiches, title=title)
    FichePageFactory(parent=tree.fiches, title="Le verger")
    query = QueryDict(mutable=True)
    query["q"] = asked
    assert FicheFilter.parse(query).ids == [fiche.pk]


def test_each_group_has_two_words_or_more_and_no_word_is_in_two():
    groups = [Synonyme(termes=group) for group in read_thesaurus()]
    for group in groups:
        group.full_clean()
    seen = Counter(word for group in groups for word in group.liste)
    assert [word for word, number in seen.items() if number > 1] == []
    assert len(groups) >= 250


def test_what_staff_made_of_the_thesaurus_is_not_loaded_over():
    Synonyme.objects.exclude(pk=Synonyme.objects.first().pk).delete()
    assert load_thesaurus(Synonyme) == 0
    assert Synonyme.objects.count() == 1


def test_another_word_of_two_words_is_not_two_words_apart(tree):
    """« vélo » is said « deux-roues » too: « deux appels », « une roue » are no vélo."""
    asked = QueryDict("q=vélo")
    found = FichePageFactory(parent=tree.fiches, title="Garer les deux-roues", chapo="Un abri fermé.")
    FichePageFactory(parent=tree.fiches, title="Réparer", chapo="Deux appels sur trois demandent une roue.")
    assert FicheFilter.parse(asked).ids == [found.pk]


def test_another_word_of_two_words_is_marked_where_they_stand_together(tree):
    fiche = FichePageFactory(
        parent=tree.fiches,
        title="Le jardin",
        chapo="Des personnes du quartier jardinent avec des personnes très âgées.",
    )
    far = FicheFilter.parse(QueryDict("q=sénior"))
    fiche.chapo = "Des personnes du quartier aident les personnes âgées."
    assert "<mark>" not in far.extraits().get(fiche.pk, "")
    fiche.save_revision().publish()
    near = FicheFilter.parse(QueryDict("q=sénior"))
    assert (
        near.extraits()[fiche.pk].count("<mark>") == 1 and "<mark>personnes âgées</mark>" in near.extraits()[fiche.pk]
    )

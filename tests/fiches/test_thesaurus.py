"""The thesaurus that comes with the plugin: what people type under one name and fiches say under another."""

import pytest
from django.http import QueryDict

from fiches.models import Synonyme
from fiches.query.fiche_filter import FicheFilter
from fiches.query.search_terms import load_thesaurus
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
    "mixité": "L’égalité au travail",
    "CGT": "Un syndicat qui innove",
    "Carsat": "Prévenir l’accident du travail",
    "gérontologie": "Un café pour personnes âgées",
    "Afpa": "La formation continue à l’atelier",
    "helloasso": "Un financement participatif local",
    "Dreets": "La préfecture au village",
    "ademe": "La transition écologique des ateliers",
    "ADEME": "La transition écologique des ateliers",
    "ESAT": "Un établissement et service d’aide par le travail",
}


@pytest.mark.parametrize(("asked", "title"), ASKED.items())
def test_a_new_site_finds_what_is_said_in_other_words(tree, asked, title):
    fiche = FichePageFactory(parent=tree.fiches, title=title)
    FichePageFactory(parent=tree.fiches, title="Le verger")
    query = QueryDict(mutable=True)
    query["q"] = asked
    assert FicheFilter.parse(query).ids == [fiche.pk]


def test_what_staff_made_of_the_thesaurus_is_not_loaded_over():
    Synonyme.objects.exclude(pk=Synonyme.objects.first().pk).delete()
    assert load_thesaurus(Synonyme) == 0
    assert Synonyme.objects.count() == 1

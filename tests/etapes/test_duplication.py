"""An étape held again next year: one action."""

import datetime

import pytest
from django.urls import reverse
from wagtail.documents import get_document_model

from etapes.duplication import a_year_later
from etapes.models import DocumentDEtape, EtapePage, Inscription, PresentationDeFiche
from tests.etapes.conftest import text
from tests.factories import EditionFactory, FichePageFactory

PROGRAMME = [
    {
        "type": "debat",
        "value": {"debut": "14:00", "fin": "15:00", "titre": "Et chez vous ?", "intervenants": "Anne", "texte": ""},
    }
]


@pytest.fixture
def complete_etape(etape, tree):
    """An étape with all that it can have, in 2026."""
    etape.date = datetime.date(2026, 10, 15)
    etape.edition = EditionFactory(annee=2026)
    etape.statut, etape.ancienne_date = "reportee", datetime.date(2026, 9, 1)
    etape.programme = PROGRAMME
    etape.compte_rendu = [{"type": "citation", "value": {"texte": "Bien.", "auteur": "", "fonction": ""}}]
    etape.participants = 74
    etape.presentations = [PresentationDeFiche(fiche=FichePageFactory(parent=tree.fiches), heure=datetime.time(15))]
    document = get_document_model().objects.create(title="Plan", file="plan.pdf", file_size=10)
    etape.documents = [DocumentDEtape(document=document)]
    etape.save_revision().publish()
    Inscription.objects.create(etape=etape, nom="Anne", courriel="anne@x.test")
    return etape


def duplicate(browser, user, etape, **kwargs):
    return browser(user).post(reverse("etapes_dupliquer", args=[etape.pk]), **kwargs)


def test_an_organiser_holds_her_etape_again_next_year(browser, organiser, complete_etape):
    edition = EditionFactory(annee=2027)
    answer = duplicate(browser, organiser, complete_etape, follow=True)
    copy = EtapePage.objects.exclude(pk=complete_etape.pk).get()
    assert "Voici le brouillon pour 2027, le jeudi 14 octobre 2027 : le même jour de la semaine." in text(answer)
    assert answer.redirect_chain[-1][0] == reverse("wagtailadmin_pages:edit", args=[copy.pk])
    # what stays
    assert (copy.title, copy.slug, copy.date) == (
        complete_etape.title,
        "etape-a-dole-2027",
        datetime.date(2027, 10, 14),
    )
    assert (copy.debut, copy.fin, copy.lieu, copy.capacite) == (
        complete_etape.debut,
        complete_etape.fin,
        "Salle des fêtes",
        2,
    )
    assert [link.partenaire.nom for link in copy.organisations.all()] == ["Chambre des métiers"]
    assert [(link.fiche_id, link.heure) for link in copy.presentations.all()] == [
        (link.fiche_id, link.heure) for link in complete_etape.presentations.all()
    ]
    assert [link.document.title for link in copy.documents.all()] == ["Plan"]
    assert copy.programme[0].value["titre"] == "Et chez vous ?"
    # what begins anew
    assert copy.edition == edition
    assert (copy.live, copy.statut, copy.inscriptions) == (False, "prevue", "aucune")
    assert (copy.numero, copy.ancienne_date, copy.participants, len(copy.compte_rendu)) == (None, None, None, 0)
    assert copy.uid != complete_etape.uid
    assert copy.commence_le.year == 2027
    assert (copy.inscrits.count(), complete_etape.inscrits.count()) == (0, 1)


def test_it_is_the_latest_draft_that_is_held_again(browser, organiser, complete_etape):
    complete_etape.lieu = "Mairie"
    complete_etape.save_revision()
    duplicate(browser, organiser, complete_etape)
    assert EtapePage.objects.exclude(pk=complete_etape.pk).get().lieu == "Mairie"


@pytest.mark.parametrize(
    ("day", "later"),
    [
        ((2026, 10, 15), (2027, 10, 14)),
        ((2024, 2, 29), (2025, 2, 27)),
        ((2026, 1, 1), (2027, 1, 7)),  # 52 weeks later is still the same year
    ],
)
def test_a_year_later_is_the_same_day_of_the_week_in_the_next_year(day, later):
    first, second = datetime.date(*day), a_year_later(datetime.date(*day))
    assert second == datetime.date(*later)
    assert first.weekday() == second.weekday()

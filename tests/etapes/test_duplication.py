"""An étape held again: Wagtail's copy leaves out what belongs to the first event."""

import datetime

import pytest
from django.urls import reverse
from wagtail.documents import get_document_model

from etapes.models import DocumentDEtape, EtapePage, PresentationDeFiche
from tests.factories import EditionFactory, FichePageFactory, UserFactory

PROGRAMME = [
    {
        "type": "debat",
        "value": {"debut": "14:00", "fin": "15:00", "titre": "Et chez vous ?", "intervenants": "Anne", "texte": ""},
    }
]


@pytest.fixture
def complete_etape(etape, tree, register_people):
    """An étape with all that it can have."""
    register_people("anne")
    etape.edition = EditionFactory(annee=2026)
    etape.statut, etape.ancienne_date = "reportee", datetime.date(2026, 9, 1)
    etape.programme = PROGRAMME
    etape.compte_rendu = [{"type": "citation", "value": {"texte": "Bien.", "auteur": "", "fonction": ""}}]
    etape.participants = 74
    etape.presentations = [PresentationDeFiche(fiche=FichePageFactory(parent=tree.fiches), heure=datetime.time(15))]
    document = get_document_model().objects.create(title="Plan", file="plan.pdf", file_size=10)
    etape.documents = [DocumentDEtape(document=document)]
    etape.save_revision().publish()
    return etape


def test_an_etape_is_held_again_without_its_date_its_report_and_its_registrations(browser, complete_etape):
    parent = complete_etape.get_parent()
    form = {"new_title": "Étape à Dole", "new_slug": "dole-2027", "new_parent_page": parent.pk}
    address = reverse("wagtailadmin_pages:copy", args=[complete_etape.pk])
    browser(UserFactory(role="redaction")).post(address, form)
    stored = EtapePage.objects.exclude(pk=complete_etape.pk).get()
    for copy in (stored, stored.get_latest_revision_as_object()):
        assert (copy.slug, copy.lieu, copy.capacite) == ("dole-2027", "Salle des fêtes", 2)
        assert (copy.debut, copy.fin) == (complete_etape.debut, complete_etape.fin)
        assert [link.partenaire.nom for link in copy.organisations.all()] == ["Chambre des métiers"]
        assert [link.heure for link in copy.presentations.all()] == [datetime.time(15)]
        assert [link.document.title for link in copy.documents.all()] == ["Plan"]
        assert copy.programme[0].value["titre"] == "Et chez vous ?"
        assert (copy.live, copy.date, copy.edition) == (False, None, None)
        assert (copy.statut, copy.inscriptions) == ("prevue", "aucune")
        assert (copy.numero, copy.ancienne_date, copy.participants, len(copy.compte_rendu)) == (None, None, None, 0)
    assert (stored.uid != complete_etape.uid, stored.inscrits.count(), complete_etape.inscrits.count()) == (True, 0, 1)

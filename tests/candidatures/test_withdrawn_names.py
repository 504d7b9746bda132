"""Before a withdrawal of the agreement to be named, the staff read which texts of the fiche still name the contact."""

from fiches.models import FichePage
from tests.candidatures.conftest import text

QUESTION = "/admin/candidatures/dossiers/{}/retirer-consentement/?finalite={}"


def test_the_screen_lists_with_links_the_texts_that_name_the_contact(sent, staff):
    fiche = FichePage.objects.get()
    fiche.chapo = "Une idée de Jeanne Marmier."
    fiche.corps = [("texte", "<p>Sans nom.</p>")]
    fiche.save()
    asked = staff.get(QUESTION.format(sent.dossier.pk, "contact_nom"))
    page_text = text(asked)
    assert "nomme cette personne : corrigez ce texte à la main." in page_text
    assert page_text.count("nomme cette personne") == 1
    assert f'href="/admin/pages/{fiche.pk}/edit/"' in asked.content.decode()
    assert "nomme cette personne" not in text(staff.get(QUESTION.format(sent.dossier.pk, "contact_telephone")))


def test_a_fiche_that_names_nobody_lists_nothing(sent, staff):
    assert "nomme cette personne" not in text(staff.get(QUESTION.format(sent.dossier.pk, "contact_nom")))

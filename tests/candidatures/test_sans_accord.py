"""A fiche without its company's agreement can be neither moderated nor published; the refusal gives the reason."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision

from config.scheduled_work import publish_scheduled
from fiches.candidatures import submission
from fiches.candidatures.models import Dossier
from fiches.models import FichePage
from tests.candidatures.conftest import text
from tests.factories import FichePageFactory
from tests.formulaires import filled_form

NO_CONSENT = (
    "L’entreprise n’a pas donné son accord pour la publication, ou l’a retiré : la fiche reste hors du site. "
    "Pour demander cet accord, ouvrez le dossier et demandez une correction de l’accord."
)
OVER = "Ce dossier est refusé ou retiré\u00a0: la fiche reste hors du site. Pour reprendre sa relecture, rouvrez le dossier."


@pytest.fixture
def dossier_without_consent(sent):
    sent.visitor.post(f"{sent.link}consentements/", {"finalite": "publication"})
    return sent


def post_the_form(staff, fiche, **data):
    address = f"/admin/pages/{fiche.pk}/edit/"
    return staff.post(address, {**filled_form(staff.get(address)), **data}, follow=True)


@pytest.mark.parametrize("action", ["submit", "publish"])
def test_the_form_refuses_to_submit_or_to_publish_it_and_loses_nothing(dossier_without_consent, staff, action):
    fiche = FichePage.objects.get()
    answer = post_the_form(staff, fiche, **{f"action-{action}": "1", "chapo": "Un autre texte."})
    assert answer.context["form"].non_field_errors() == [NO_CONSENT]
    assert NO_CONSENT in text(answer)
    assert "Un autre texte." in text(answer)
    fiche = FichePage.objects.get()
    assert (fiche.live, fiche.workflow_in_progress) == (False, False)


def test_a_draft_of_it_is_saved(dossier_without_consent, staff):
    post_the_form(staff, FichePage.objects.get(), chapo="Un autre texte.")
    assert FichePage.objects.get().get_latest_revision_as_object().chapo == "Un autre texte."


@pytest.mark.parametrize("clock", [publish_scheduled, lambda: call_command("publish_scheduled")])
def test_it_is_not_published_at_its_hour_and_the_others_are(sent, tree, clock):
    fiche, other = FichePage.objects.get(), FichePageFactory(parent=tree.fiches, live=False)
    for page in (fiche, other):
        page.get_latest_revision_as_object().save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    sent.visitor.post(f"{sent.link}consentements/", {"finalite": "publication"})
    clock()
    clock()
    assert list(FichePage.objects.filter(live=True)) == [other]
    assert not PageLogEntry.objects.filter(page=fiche.pk, action__startswith="wagtail.publish").exists()
    assert not PageLogEntry.objects.filter(page=fiche.pk, action="wagtail.unpublish").exists()
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert sent.visitor.get("/fiches/le-lait-de-nuit/").status_code == 404


@pytest.mark.parametrize("state", ["retire", "refuse"])
def test_who_submits_it_reads_why_and_what_to_do(sent, staff, state):
    sent.dossier.fiche.current_workflow_state.cancel()
    Dossier.objects.filter(pk=sent.dossier.pk).update(clos=state)
    answer = post_the_form(staff, sent.dossier.fiche, **{"action-submit": "1"})
    assert answer.context["form"].non_field_errors() == [OVER]


def test_a_reopened_dossier_whose_company_took_its_agreement_back_is_in_no_review(sent, staff):
    submission.refuse_dossier(dossier=sent.dossier, reason="Non.", by=staff.user)
    sent.visitor.post(f"{sent.link}consentements/", {"finalite": "publication"})
    submission.reopen_dossier(dossier=sent.dossier, by=staff.user)
    assert FichePage.objects.get().workflow_in_progress is False


def published_in_bulk(staff, *pages):
    keys = "&".join(f"id={page.pk}" for page in pages)
    return text(staff.post(f"/admin/bulk/wagtailcore/page/publish/?next=/admin/fiches/&{keys}", follow=True))


def test_the_bulk_publication_counts_what_is_online_and_says_why_the_rest_is_not(dossier_without_consent, staff, tree):
    fiche = FichePage.objects.get()
    other = FichePageFactory(parent=tree.fiches, title="Autre fiche", organisation="Autre", chapo="Autre.", live=False)
    alias = other.create_alias(update_slug="alias")
    told = published_in_bulk(staff, fiche, other, alias)
    assert list(FichePage.objects.filter(live=True)) == [other, alias]  # an alias follows its page
    assert "1 page modifiée." in told
    assert f"« Le lait de nuit » n’est pas traitée. {NO_CONSENT}" in told
    assert (
        f"« Autre fiche » n’est pas traitée. Cette page est un alias. Son contenu est celui de la page {other.pk}"
        in told
    )

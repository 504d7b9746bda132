"""The dashboard: what there is to do, and the lists that it leads to."""

import pytest
from django.utils import timezone

from fiches.admin.dashboard import sections_for
from fiches.admin.gap_records import measure_pending
from fiches.diffusion.models import Webhook
from fiches.mail.outbox import post
from fiches.models import FichePage, RechercheVaine
from tests.factories import EtapePageFactory, FichePageFactory, UserFactory
from tests.redaction.seen_text import text

pytestmark = pytest.mark.django_db


def told(user):
    """``{label: (number, address)}``."""
    return {line.label: (line.number, line.address) for _title, lines in sections_for(user) for line in lines}


def titles(client, address):
    """The fiches of a list, as they stand in its context."""
    return {fiche.title for fiche in client.get(address).context["object_list"]}


def test_each_line_leads_to_the_list_of_just_those(client, tree):
    redaction = UserFactory(role="redaction")
    client.force_login(redaction)
    FichePageFactory(parent=tree.fiches, title="Nulle part", sans_localisation=False, commune_id="25056")
    FichePageFactory(parent=tree.fiches, title="Sans lieu voulu", complete=True)
    waiting = FichePageFactory(parent=tree.fiches, title="À lire", live=False, complete=True)
    waiting.get_workflow().start(waiting, None)
    FichePageFactory(parent=tree.fiches, title="Mon brouillon", live=False, owner=redaction, complete=True)
    for label, expected in {
        "fiche à lire": {"À lire"},
        "brouillon de vous à soumettre": {"Mon brouillon"},
        "fiche sans texte": {"Nulle part"},
        "fiches sans image": {"Nulle part", "Sans lieu voulu", "À lire", "Mon brouillon"},
    }.items():
        number, address = told(redaction)[label]
        assert (label, number, titles(client, address)) == (label, len(expected), expected)


def test_a_partner_is_told_of_their_own_fiches_only(tree):
    partner = UserFactory(role="partenaire")
    FichePageFactory(parent=tree.fiches, live=False)
    FichePageFactory(parent=tree.fiches, live=False, owner=partner)
    assert {label: number for label, (number, _address) in told(partner).items()} == {
        "brouillon de vous à soumettre": 1,
        "fiche sans commune": 1,
        "fiche sans texte": 1,
        "fiche sans image": 1,
    }


def test_a_moderator_is_told_of_what_awaits_their_approval_and_of_what_waits_too_long(client, tree):
    moderator = UserFactory(role="moderation")
    client.force_login(moderator)
    reader = UserFactory(role="redaction")
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, title="À approuver")
    fiche.get_workflow().start(fiche, None)
    state = fiche.current_workflow_task_state
    state.task.on_action(state, reader, "approve")
    assert told(moderator)["fiche à approuver"][0] == 1
    assert "fiche à lire" not in told(moderator)
    fiche = FichePage.objects.get(pk=fiche.pk)
    state = fiche.current_workflow_task_state
    state.started_at = timezone.now() - timezone.timedelta(days=8)
    state.save()
    number, address = told(moderator)["fiche qui attend une décision depuis plus d’une semaine"]
    assert (number, titles(client, address)) == (1, {"À approuver"})


def test_what_is_mended_leaves_the_dashboard_at_its_next_save(tree):
    redaction = UserFactory(role="redaction")
    fiche = FichePageFactory(parent=tree.fiches, complete=False)
    assert told(redaction)["fiche sans commune"][0] == 1
    fiche.sans_localisation = True
    fiche.save_revision()
    assert "fiche sans commune" not in told(redaction)


def test_fiches_written_before_the_measure_are_measured_by_the_periodic_work(tree):
    fiche = FichePageFactory(parent=tree.fiches)
    fiche.bilan.delete()
    assert measure_pending() == 1
    assert FichePage.objects.get(pk=fiche.pk).bilan.manques == "|corps|commune|photo|"
    assert measure_pending() == 0


def test_searches_that_found_nothing_are_told_to_who_may_see_them(client, tree):
    RechercheVaine.objects.create(jour=timezone.localdate(), mots="four solaire")
    RechercheVaine.objects.create(jour=timezone.localdate() - timezone.timedelta(days=60), mots="vieux")
    redaction = UserFactory(role="redaction")
    label = "recherche sans résultat depuis 30 jours"
    number, address = told(redaction)[label]
    client.force_login(redaction)
    assert (number, [each.mots for each in client.get(address).context["object_list"]]) == (1, ["four solaire"])
    assert label not in told(UserFactory(role="moderation"))
    RechercheVaine.objects.create(jour=timezone.localdate(), mots="four à pain")
    assert told(redaction)["recherches sans résultat depuis 30 jours"][0] == 2


def test_nothing_to_do_is_said(client, tree):
    FichePageFactory(parent=tree.fiches, complete=True)
    client.force_login(UserFactory(role="partenaire"))
    assert "Vous n’avez rien à faire" in client.get("/admin/").content.decode()


def test_a_paused_webhook_and_mails_about_to_leave_are_told_to_who_may_see_them(client, tree):
    Webhook.objects.create(nom="Site", adresse="https://x.test/", evenements=["fiche.publiee"], actif=False)
    Webhook.objects.create(nom="Autre", adresse="https://y.test/", evenements=["fiche.publiee"])
    post("un", modele="etape_reste_en_ligne", destinataires=["a@b.example"])
    redaction = UserFactory(role="redaction")
    assert told(redaction)["webhook suspendu"] == (1, "/admin/webhooks/abonnes/")
    assert told(redaction)["courriel à envoyer"] == (1, "/admin/redaction/courriels/")
    assert not {"webhook suspendu", "courriel à envoyer"} & set(told(UserFactory(role="moderation")))


def test_a_line_says_since_when_the_oldest_waits(client, tree):
    redaction = UserFactory(role="redaction")
    client.force_login(redaction)
    EtapePageFactory(parent=tree.etapes, date=timezone.localdate() - timezone.timedelta(days=3))
    EtapePageFactory(parent=tree.etapes, date=timezone.localdate() - timezone.timedelta(days=9))
    page = text(client.get("/admin/"))
    assert "2 étapes terminées sans compte rendu depuis 1 semaine" in page

"""The bin: a deleted fiche comes back as it was; nothing stays there that must not."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fiches.candidatures.models import Dossier
from fiches.models import FicheFinanceur, FichePage, FicheSupprimee
from fiches.upkeep.personal_data.erasure import erase_person
from fiches.upkeep.recycle_bin import KEPT, for_good
from fiches.upkeep.retention import delete_too_old
from tests.factories import CritereFactory, FichePageFactory, MotCleFactory, PartenaireFactory, UserFactory

pytestmark = pytest.mark.django_db

BIN = "/admin/redaction/corbeille/"


@pytest.fixture
def moderator(client, tree):
    user = UserFactory(role="moderation")
    client.force_login(user)
    return user


def rich(tree, **fields):
    fiche = FichePageFactory(
        parent=tree.fiches,
        slug="le-four",
        title="Le four",
        contact_courriel="Anne@Fournees.example",
        corps=[{"type": "texte", "value": "<p>Un mot.</p>"}],
        **fields,
    )
    fiche.criteres.add(CritereFactory(name="entreprise"))
    fiche.mots_cles.add(MotCleFactory(name="pain"))
    fiche.financements = [FicheFinanceur(partenaire=PartenaireFactory(nom="Région"), mention="Merci")]
    fiche.save()
    fiche.save_revision()
    return FichePage.objects.get(pk=fiche.pk)


def held(fiche):
    return {
        "titre": fiche.title,
        "cle": (fiche.pk, str(fiche.translation_key), fiche.slug),
        "courriel": fiche.contact_courriel,
        "corps": str(fiche.corps[0].value),
        "criteres": [tag.name for tag in fiche.criteres.all()],
        "mots": [tag.name for tag in fiche.mots_cles.all()],
        "financeurs": [(each.partenaire.nom, each.mention) for each in fiche.financements.all()],
        "proprietaire": fiche.owner,
    }


def test_a_deleted_fiche_comes_back_as_it_was_but_as_a_draft(client, tree, moderator):
    fiche = rich(tree, owner=UserFactory(role="partenaire"))
    dossier = Dossier.objects.create(courriel="jeanne@tilleuls.example", fiche=fiche)
    before = held(fiche)
    page = client.post(f"/admin/pages/{fiche.pk}/delete/", follow=True).content.decode()
    assert not FichePage.objects.exists()
    assert "Elle reste 30 jours dans la corbeille." in page
    assert f'href="{BIN}"' in page
    kept = FicheSupprimee.objects.get()
    assert (kept.titre, kept.supprimee_par, kept.etait_en_ligne) == ("Le four", moderator, True)
    assert "Le four" in client.get(BIN).content.decode()
    client.post(f"{BIN}{kept.pk}/restaurer/")
    back = FichePage.objects.get()
    assert held(back) == before
    assert (back.live, back.latest_revision.user) == (False, moderator)
    assert held(back.get_latest_revision_as_object()) == before
    assert Dossier.objects.get(pk=dossier.pk).fiche_id == back.pk
    assert FicheSupprimee.objects.count() == 0


def test_what_was_only_in_the_draft_comes_back_too(client, tree, moderator):
    fiche = rich(tree)
    fiche.chapo = "Jamais publiée."
    fiche.save_revision()
    client.post(f"/admin/pages/{fiche.pk}/delete/")
    client.post(f"{BIN}{FicheSupprimee.objects.get().pk}/restaurer/")
    assert FichePage.objects.get().chapo == "Jamais publiée."


def test_an_address_that_was_taken_since_gets_a_number(client, tree, moderator):
    fiche = rich(tree)
    client.post(f"/admin/pages/{fiche.pk}/delete/")
    FichePageFactory(parent=tree.fiches, slug="le-four")
    client.post(f"{BIN}{FicheSupprimee.objects.get().pk}/restaurer/")
    assert FichePage.objects.get(title="Le four").slug == "le-four-2"


def test_several_deleted_at_once_are_kept_and_told(client, tree, moderator):
    one, two = (FichePageFactory(parent=tree.fiches, live=False) for _each in range(2))
    page = client.post(
        f"/admin/bulk/fiches/fichepage/delete/?id={one.pk}&id={two.pk}&next=/admin/fiches/", follow=True
    ).content.decode()
    assert {kept.supprimee_par for kept in FicheSupprimee.objects.all()} == {moderator}
    assert "Elles restent 30 jours dans la corbeille." in page


def test_restoring_twice_is_refused_in_words(client, tree, moderator):
    fiche = rich(tree)
    client.post(f"/admin/pages/{fiche.pk}/delete/")
    kept = FicheSupprimee.objects.get()
    client.post(f"{BIN}{kept.pk}/restaurer/")
    kept.save()
    assert "La fiche est déjà restaurée." in client.post(f"{BIN}{kept.pk}/restaurer/", follow=True).content.decode()


def test_a_partner_sees_and_restores_their_own_only(client, tree):
    partner, other = UserFactory(role="partenaire"), UserFactory(role="partenaire")
    FichePageFactory(parent=tree.fiches, live=False, title="À moi", owner=partner).delete()
    FichePageFactory(parent=tree.fiches, live=False, title="À l’autre", owner=other).delete()
    client.force_login(partner)
    page = client.get(BIN).content.decode()
    assert ("À moi" in page, "À l’autre" in page) == (True, False)
    theirs = FicheSupprimee.objects.get(titre="À l’autre")
    assert client.post(f"{BIN}{theirs.pk}/restaurer/").status_code == 404
    assert client.post(f"{BIN}{theirs.pk}/oublier/").status_code == 404
    client.post(f"{BIN}{FicheSupprimee.objects.get(titre='À moi').pk}/oublier/")
    assert [kept.titre for kept in FicheSupprimee.objects.all()] == ["À l’autre"]


def test_after_thirty_days_the_periodic_work_empties_it(tree):
    FichePageFactory(parent=tree.fiches, title="Ancienne").delete()
    FichePageFactory(parent=tree.fiches, title="Récente").delete()
    FicheSupprimee.objects.filter(titre="Ancienne").update(supprimee_le=timezone.now() - KEPT - timedelta(hours=1))
    FicheSupprimee.objects.filter(titre="Récente").update(supprimee_le=timezone.now() - KEPT + timedelta(hours=1))
    delete_too_old()
    assert [kept.titre for kept in FicheSupprimee.objects.all()] == ["Récente"]


def test_erasing_a_person_reaches_the_bin_by_the_fiche_or_by_its_dossier(tree):
    rich(tree).delete()
    other = FichePageFactory(parent=tree.fiches, title="Par le dossier")
    Dossier.objects.create(courriel="jeanne@tilleuls.example", fiche=other)
    other.delete()
    FichePageFactory(parent=tree.fiches, title="Sans rapport").delete()
    assert erase_person("anne@fournees.example")["fiches supprimées"] == 1
    assert erase_person("jeanne@tilleuls.example")["fiches supprimées"] == 1
    assert [kept.titre for kept in FicheSupprimee.objects.all()] == ["Sans rapport"]


def test_a_fiche_erased_with_its_person_never_enters_the_bin(tree):
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    Dossier.objects.create(courriel="jeanne@tilleuls.example", fiche=fiche)
    call_command("effacer_personne", "jeanne@tilleuls.example", stdout=open("/dev/null", "w"))  # noqa: SIM115
    assert (FichePage.objects.count(), FicheSupprimee.objects.count()) == (0, 0)


def test_what_goes_for_good_is_not_kept(tree):
    with for_good():
        FichePageFactory(parent=tree.fiches).delete()
    assert FicheSupprimee.objects.count() == 0


def test_the_bin_costs_the_same_for_one_and_for_thirty(client, tree, moderator):
    def cost():
        client.get(BIN)
        with CaptureQueriesContext(connection) as captured:
            client.get(BIN)
        return len(captured)

    FichePageFactory(parent=tree.fiches).delete()
    one = cost()
    for _each in range(29):
        FichePageFactory(parent=tree.fiches).delete()
    assert (one, cost()) == (15, 15)


def test_an_empty_bin_says_what_comes_there(client, tree, moderator):
    assert "La corbeille est vide." in client.get(BIN).content.decode()

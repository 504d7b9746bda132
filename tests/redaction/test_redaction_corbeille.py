"""The bin: a deleted fiche comes back as it was; nothing stays there that must not."""

import html
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.permissions import policy_registry

from etapes.models import Inscription, PresentationDeFiche
from fiches.admin.importation.run import DuplicateFinder
from fiches.candidatures.models import Dossier
from fiches.models import FicheFinanceur, FicheIndexPage, FichePage, FicheSupprimee
from fiches.models.corbeille import bins
from fiches.palmares.models import Categorie, Nomination, Palmares
from fiches.upkeep.personal_data.erasure import erase_person
from fiches.upkeep.recycle_bin import KEPT, discard
from fiches.upkeep.retention import delete_too_old
from tests.factories import (
    CarnetPageFactory,
    CritereFactory,
    EditionFactory,
    EtapePageFactory,
    FicheIndexPageFactory,
    FichePageFactory,
    MotCleFactory,
    PartenaireFactory,
    UserFactory,
)
from tests.redaction.seen_text import text

pytestmark = pytest.mark.django_db

BIN = "/admin/redaction/corbeille/"


@pytest.fixture
def moderator(client, tree):
    user = UserFactory(role="moderation")
    client.force_login(user)
    return user


def create_full_fiche(tree, **fields):
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


def fiche_content(fiche):
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
    fiche = create_full_fiche(tree, owner=UserFactory(role="partenaire"))
    dossier = Dossier.objects.create(courriel="jeanne@tilleuls.example", fiche=fiche)
    before, revisions = fiche_content(fiche), {each.pk for each in fiche.revisions.all()}
    page = client.post(f"/admin/pages/{fiche.pk}/delete/", follow=True)
    assert client.get("/fiches/le-four/").status_code == 404
    assert messages_of(page) == [
        "« Le four » est supprimée. La fiche reste 30 jours dans la corbeille. Annuler la suppression"
    ]
    assert f'href="{BIN}"' in page.content.decode()
    deleted_fiche = FicheSupprimee.objects.get()
    assert (str(deleted_fiche), deleted_fiche.supprimee_par) == ("Le four", moderator)
    assert "Le four" in client.get(BIN).content.decode()
    client.post(f"{BIN}{deleted_fiche.pk}/restaurer/")
    back = FichePage.objects.get()
    assert fiche_content(back) == before
    assert (back.live, {each.pk for each in back.revisions.all()}) == (False, revisions)
    assert fiche_content(back.get_latest_revision_as_object()) == before
    assert Dossier.objects.get(pk=dossier.pk).fiche_id == back.pk
    assert FicheSupprimee.objects.count() == 0


def test_what_was_only_in_the_draft_comes_back_too(client, tree, moderator):
    fiche = create_full_fiche(tree)
    fiche.chapo = "Jamais publiée."
    fiche.save_revision()
    client.post(f"/admin/pages/{fiche.pk}/delete/")
    client.post(f"{BIN}{FicheSupprimee.objects.get().pk}/restaurer/")
    assert FichePage.objects.get().get_latest_revision_as_object().chapo == "Jamais publiée."


def test_an_address_that_was_taken_since_gets_a_number(client, tree, moderator):
    fiche = create_full_fiche(tree)
    client.post(f"/admin/pages/{fiche.pk}/delete/")
    FichePageFactory(parent=tree.fiches, slug="le-four")
    client.post(f"{BIN}{FicheSupprimee.objects.get().pk}/restaurer/")
    assert FichePage.objects.get(title="Le four").slug == "le-four-2"


def test_several_deleted_at_once_are_kept_and_told(client, tree, moderator):
    one, two = (FichePageFactory(parent=tree.fiches, live=False) for _each in range(2))
    page = client.post(
        f"/admin/bulk/rallynov_fiches/fichepage/delete/?id={one.pk}&id={two.pk}&next=/admin/fiches/", follow=True
    )
    assert {kept.supprimee_par for kept in FicheSupprimee.objects.all()} == {moderator}
    assert messages_of(page) == [
        "2 fiches sont dans la corbeille. Vous pouvez les reprendre pendant 30 jours. Annuler la suppression"
    ]


def messages_of(response):
    """The messages above a screen of the admin, their buttons included."""
    page = BeautifulSoup(response.content, "html.parser")
    return [" ".join(message.get_text(" ").split()) for message in page.select(".messages li")]


def test_a_bulk_deletion_of_what_is_no_page_speaks_of_no_bin(client, tree):
    fiche = FichePageFactory(parent=tree.fiches)
    client.force_login(UserFactory(role="admin"))
    client.post(f"/admin/pages/{fiche.pk}/delete/", follow=True)
    partner = PartenaireFactory(pk=fiche.pk)
    page = client.post(f"/admin/bulk/rallynov_fiches/partenaire/delete/?id={partner.pk}&next=/admin/", follow=True)
    assert [message for message in messages_of(page) if "corbeille" in message] == []


def test_of_several_kinds_both_screens_say_what_becomes_of_each(client, tree):
    fiche = FichePageFactory(parent=tree.fiches, title="Le four")
    client.force_login(UserFactory(role="admin"))
    carnet = CarnetPageFactory(parent=tree.carnets, title="De Dole à Gray")
    chosen = f"/admin/bulk/wagtailcore/page/delete/?id={fiche.pk}&id={carnet.pk}&next=/admin/"
    asked = plain_content(client.get(chosen))
    assert "1 fiche va dans la corbeille. Vous pouvez la reprendre pendant 30 jours." in asked
    assert "« De Dole à Gray » (en ligne) sera supprimé définitivement" in asked
    done = plain_content(client.post(chosen, follow=True))
    assert (
        "1 fiche est dans la corbeille. Vous pouvez la reprendre pendant 30 jours. Page supprimée définitivement : "
        in done
    )
    assert "pages ont été supprimées" not in done
    assert [str(kept) for kept in FicheSupprimee.objects.all()] == ["Le four"]
    assert not Page.objects.filter(pk=carnet.pk).exists()


def test_an_etape_that_people_count_on_is_named_when_it_is_deleted_among_others(client, tree):
    client.force_login(UserFactory(role="admin"))
    fiche = FichePageFactory(parent=tree.fiches, title="Le four")
    etape = EtapePageFactory(
        parent=tree.etapes, title="La foire de Gray", date=timezone.localdate() + timedelta(days=9)
    )
    Inscription.objects.create(etape=etape, nom="Anne", courriel="anne@exemple.test")
    chosen = f"/admin/bulk/wagtailcore/page/delete/?id={fiche.pk}&id={etape.pk}&next=/admin/"
    answer = client.post(chosen, follow=True)
    assert "Rien n’a été supprimé : 1 personne est inscrite à « La foire de Gray »." in plain_content(answer)
    assert (FicheSupprimee.objects.count(), Page.objects.filter(pk=etape.pk).exists()) == (0, True)


def plain_content(response):
    return html.unescape(response.content.decode()).replace("\u00a0", " ")


def test_restoring_twice_is_refused_in_words(client, tree, moderator):
    fiche = create_full_fiche(tree)
    client.post(f"/admin/pages/{fiche.pk}/delete/")
    deleted_fiche = FicheSupprimee.objects.get()
    client.post(f"{BIN}{deleted_fiche.pk}/restaurer/")
    deleted_fiche.save()
    assert (
        "La fiche est déjà restaurée."
        in client.post(f"{BIN}{deleted_fiche.pk}/restaurer/", follow=True).content.decode()
    )


def deleted(tree, by=None, **fields):
    fiche = FichePageFactory(parent=tree.fiches, **fields)
    discard(fiche, by=by)
    return fiche


def test_a_partner_sees_and_restores_their_own_only(client, tree):
    partner, other = UserFactory(role="partenaire"), UserFactory(role="partenaire")
    deleted(tree, by=partner, live=False, title="À moi", owner=partner)
    deleted(tree, by=other, live=False, title="À l’autre", owner=other)
    client.force_login(partner)
    page = client.get(BIN).content.decode()
    assert ("À moi" in page, "À l’autre" in page) == (True, False)
    theirs = FicheSupprimee.objects.get(fiche__title="À l’autre")
    assert client.post(f"{BIN}{theirs.pk}/restaurer/").status_code == 404
    assert client.post(f"{BIN}{theirs.pk}/oublier/").status_code == 404
    asked = client.get(f"{BIN}{FicheSupprimee.objects.get(fiche__title='À moi').pk}/oublier/")
    assert "« À moi », ses versions, ses commentaires et ses prix seront supprimés définitivement." in text(asked)
    assert FicheSupprimee.objects.count() == 2
    client.post(asked.request["PATH_INFO"])
    assert [str(kept) for kept in FicheSupprimee.objects.all()] == ["À l’autre"]


@pytest.mark.parametrize("was_online", [True, False])
def test_a_partner_neither_restores_nor_destroys_their_fiche_that_a_moderator_deleted(client, tree, was_online):
    partner, moderator = UserFactory(role="partenaire"), UserFactory(role="moderation")
    fiche = FichePageFactory(parent=tree.fiches, title="Retirée", owner=partner, live=False)
    revision = fiche.save_revision()
    if was_online:
        revision.publish()
    client.force_login(moderator)
    client.post(f"/admin/pages/{fiche.pk}/delete/")
    client.force_login(partner)
    deleted_fiche = FicheSupprimee.objects.get()
    answers = [client.post(f"{BIN}{deleted_fiche.pk}/{action}/").status_code for action in ("restaurer", "oublier")]
    assert answers == [404, 404]
    assert f"{BIN}{deleted_fiche.pk}/" not in client.get(BIN).content.decode()
    client.force_login(moderator)
    client.post(f"{BIN}{deleted_fiche.pk}/restaurer/")
    assert FichePage.objects.get().get_parent().pk == tree.fiches.pk


def test_a_partner_restores_what_they_deleted_though_it_was_once_online(client, tree):
    partner = UserFactory(role="partenaire")
    fiche = FichePageFactory(parent=tree.fiches, title="À moi", owner=partner)
    fiche.save_revision().publish()
    fiche.unpublish()
    client.force_login(partner)
    client.post(f"/admin/pages/{fiche.pk}/delete/")
    client.post(f"{BIN}{FicheSupprimee.objects.get(supprimee_par=partner).pk}/restaurer/")
    assert FichePage.objects.get().get_parent().pk == tree.fiches.pk


def test_after_thirty_days_the_periodic_work_empties_it(tree):
    deleted(tree, title="Ancienne")
    deleted(tree, title="Récente")
    FicheSupprimee.objects.filter(fiche__title="Ancienne").update(
        supprimee_le=timezone.now() - KEPT - timedelta(hours=1)
    )
    FicheSupprimee.objects.filter(fiche__title="Récente").update(
        supprimee_le=timezone.now() - KEPT + timedelta(hours=1)
    )
    delete_too_old()
    assert [str(kept) for kept in FicheSupprimee.objects.all()] == ["Récente"]
    assert not FichePage.objects.filter(title="Ancienne").exists()


def test_erasing_a_person_reaches_the_bin_by_the_fiche_or_by_its_dossier(tree):
    discard(create_full_fiche(tree), by=None)
    other = FichePageFactory(parent=tree.fiches, title="Par le dossier")
    Dossier.objects.create(courriel="jeanne@tilleuls.example", fiche=other)
    discard(other, by=None)
    deleted(tree, title="Sans rapport")
    erase_person("anne@fournees.example")
    erase_person("jeanne@tilleuls.example")
    four = FichePage.objects.get(title="Le four")
    assert [four.contact_courriel, four.get_latest_revision_as_object().contact_courriel] == ["", ""]
    assert {str(kept) for kept in FicheSupprimee.objects.all()} == {"Le four", "Sans rapport"}
    assert not FichePage.objects.filter(title="Par le dossier").exists()


def test_a_fiche_erased_with_its_person_never_enters_the_bin(tree):
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    Dossier.objects.create(courriel="jeanne@tilleuls.example", fiche=fiche)
    call_command("effacer_personne", "jeanne@tilleuls.example", stdout=open("/dev/null", "w"))  # noqa: SIM115
    assert (FichePage.objects.count(), FicheSupprimee.objects.count()) == (0, 0)


def test_what_a_program_deletes_is_not_kept(tree):
    FichePageFactory(parent=tree.fiches).delete()
    assert (FichePage.objects.count(), FicheSupprimee.objects.count()) == (0, 0)


def test_the_bin_is_searched_and_sorted(client, tree, moderator):
    deleted(tree, title="Le four", organisation="Fournées", by=moderator)
    deleted(tree, title="La scierie", organisation="Bois")

    def titles(**query):
        return [record.fiche.title for record in client.get(BIN, query_params=query).context["object_list"]]

    assert titles() == ["La scierie", "Le four"]
    assert titles(q="FOURN") == ["Le four"]
    assert titles(q="scier") == ["La scierie"]
    assert titles(q="fournees") == titles(q="FOURNÉES") == ["Le four"]
    assert titles(ordering="-fiche__draft_title") == ["Le four", "La scierie"]
    assert titles(ordering="supprimee_le") == ["Le four", "La scierie"]
    assert titles(ordering="fiche__owner__password") == ["La scierie", "Le four"]
    (row,) = BeautifulSoup(client.get(BIN, query_params={"q": "FOURN"}).content, "html.parser").main.select("tbody tr")
    assert " ".join(row.get_text(" ").split()) == (
        f"Le four Fournées À l'instant {moderator.username} Restaurer « Le four » Supprimer définitivement « Le four »"
    )
    assert "La corbeille est vide." not in client.get(BIN, query_params={"q": "moulin"}).content.decode()


def test_an_empty_bin_says_what_comes_there(client, tree, moderator):
    assert "La corbeille est vide." in client.get(BIN).content.decode()


def delete_by_form(client, user, fiche):
    return client.post(f"/admin/pages/{fiche.pk}/delete/")


def delete_in_bulk(client, user, fiche):
    return client.post(f"/admin/bulk/wagtailcore/page/delete/?id={fiche.pk}&next=/admin/")


def delete_by_the_admin_s_api(client, user, fiche):
    return client.post(f"/admin/api/main/pages/{fiche.pk}/action/delete/")


WAYS = [delete_by_form, delete_in_bulk, delete_by_the_admin_s_api]


@pytest.mark.parametrize("delete", WAYS)
def test_whatever_deletes_it_a_fiche_leaves_the_site_and_is_in_the_bin(client, tree, moderator, delete):
    fiche = create_full_fiche(tree)
    assert delete(client, moderator, fiche).status_code in {200, 204, 302}
    deleted_fiche = FicheSupprimee.objects.get()
    assert (deleted_fiche.fiche_id, deleted_fiche.supprimee_par) == (fiche.pk, moderator)
    public = ("/fiches/", "/sitemap.xml", "/api/v1/fiches", "/recherche/?q=four")
    assert [each for each in public if "le-four" in Client().get(each).content.decode()] == []
    assert Client().get("/fiches/le-four/").status_code == 404
    assert "le-four" in Client().get("/api/v1/suppressions").content.decode()


@pytest.mark.parametrize("delete", WAYS)
def test_the_fiches_below_a_page_that_is_deleted_go_to_the_bin(client, tree, delete):
    admin = UserFactory(role="admin")
    client.force_login(admin)
    fiche = create_full_fiche(tree)
    delete(client, admin, tree.fiches)
    assert not FicheIndexPage.objects.exists()
    assert FicheSupprimee.objects.get().fiche_id == fiche.pk
    pages = Page.objects.filter(depth__lt=3)
    assert {page.numchild for page in pages} == {page.get_children().count() for page in pages}
    index = FicheIndexPageFactory(parent=tree.home)
    client.post(f"{BIN}{FicheSupprimee.objects.get().pk}/restaurer/")
    assert FichePage.objects.get().get_parent().pk == index.pk


def test_nobody_changes_publishes_or_moves_what_is_in_the_bin(client, tree):
    admin = UserFactory(role="admin")
    client.force_login(admin)
    fiche = deleted(tree, by=admin, complete=True, revision=admin)
    published = {"action-publish": "1", "title": "Autre", "slug": "autre"}
    client.post(f"/admin/pages/{fiche.pk}/edit/", published)
    client.post(f"/admin/pages/{fiche.pk}/move/{tree.fiches.pk}/confirm/")
    client.post(f"/admin/pages/{fiche.pk}/delete/")
    client.post(f"/admin/api/main/pages/{fiche.pk}/action/publish/")
    now = FichePage.objects.get(pk=fiche.pk)
    assert not policy_registry.get_by_type(Page).user_has_permission_for_instance(admin, "change", now)
    assert (now.live, now.title, now.get_parent().specific) == (False, fiche.title, bins().get())
    assert client.get(f"/admin/pages/{bins().get().pk}/edit/").status_code == 302
    assert client.get(f"/admin/pages/add/home/contentpage/{bins().get().pk}/").status_code == 302


def test_a_publication_that_was_to_come_does_not_come_from_the_bin(tree):
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True)
    fiche.go_live_at = timezone.now() + timedelta(hours=1)
    fiche.save_revision().publish()
    fiche.revisions.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    discard(fiche, by=None)
    call_command("publish_scheduled")
    assert not FichePage.objects.get().live


def test_an_alias_in_the_bin_does_not_come_back_with_its_original(client, tree):
    original = FichePageFactory(parent=tree.fiches, slug="pain", title="Le pain")
    original.save_revision().publish()
    alias = original.create_alias(update_slug="pain-bis", parent=tree.fiches)
    discard(alias, by=None)
    original.save_revision().publish()
    assert FichePage.objects.get(pk=alias.pk).live is False
    assert [fiche["slug"] for fiche in client.get("/api/v1/fiches").json()["items"]] == ["pain"]


def test_its_review_ends_and_another_draft_may_take_its_place(client, tree, moderator):
    author = UserFactory(role="partenaire")
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=author, revision=author)
    fiche.get_workflow().start(fiche, author)
    dossier = Dossier.objects.create(courriel="jeanne@tilleuls.example", fiche=fiche)
    client.post(f"/admin/pages/{fiche.pk}/delete/")
    assert FichePage.objects.get().current_workflow_state is None
    dossier.refresh_from_db()
    assert dossier.fiche is None


def test_its_prize_its_etape_and_its_redirects_come_back_with_it(client, tree, moderator):
    fiche = create_full_fiche(tree)
    etape = EtapePageFactory(parent=tree.etapes, slug="lons", title="Lons")
    etape.presentations = [PresentationDeFiche(fiche=fiche)]
    etape.save_revision().publish()
    palmares = Palmares.objects.create(edition=EditionFactory())
    nomination = Nomination.objects.create(categorie=Categorie.objects.create(palmares=palmares), fiche=fiche)
    Redirect.add_redirect("/ancienne/", fiche)
    client.post(f"/admin/pages/{fiche.pk}/delete/")
    assert "Le four" not in Client().get("/etapes/lons/").content.decode()
    assert Client().get("/ancienne/").status_code == 404
    client.post(f"{BIN}{FicheSupprimee.objects.get().pk}/restaurer/")
    back = FichePage.objects.get()
    back.get_latest_revision().publish()
    assert "Le four" in Client().get("/etapes/lons/").content.decode()
    assert Client().get("/ancienne/").headers["location"].endswith("/fiches/le-four/")
    assert Nomination.objects.get(pk=nomination.pk).fiche_id == fiche.pk


def test_the_address_of_a_restored_fiche_does_not_lead_to_itself(
    client, tree, moderator, django_capture_on_commit_callbacks
):
    """Wagtail writes redirects once the transaction is committed."""
    fiche = create_full_fiche(tree)
    address = fiche.url
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/pages/{fiche.pk}/delete/")
    assert Client().get(address).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{BIN}{FicheSupprimee.objects.get().pk}/restaurer/")
    assert Client().get(address).status_code == 404
    assert not Redirect.objects.exists()
    FichePage.objects.get().get_latest_revision().publish()
    assert Client().get(address).status_code == 200


def test_an_import_does_not_take_a_fiche_of_the_bin_for_a_double(tree):
    deleted(tree, title="Le four", organisation="Fournées")
    assert DuplicateFinder().duplicate_of("Le four", "Fournées", "") is None


def test_who_deletes_a_fiche_reads_before_how_long_it_stays_in_the_bin(client, tree):
    client.force_login(UserFactory(role="moderation"))
    fiche = FichePageFactory(parent=tree.fiches)
    assert "La fiche reste 30 jours dans la corbeille." in text(client.get(f"/admin/pages/{fiche.pk}/delete/"))

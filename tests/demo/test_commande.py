"""`manage.py demo`: once, for nobody else's database, and the examples away by one command."""

import io
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from wagtail.documents import get_document_model
from wagtail.models import Page

from etapes.models import EtapePage
from fiches.models import Edition, FicheFinanceur, FichePage, MotCle, Partenaire, Publication
from home.models import ContentPage, Illustration
from tests.conftest import module_transaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def run(*arguments):
    output = io.StringIO()
    call_command("demo", *arguments, stdout=output)
    return output.getvalue()


def stored_state():
    """Each page with what could have changed, each account with its password."""
    pages = Page.objects.order_by("path").values_list("pk", "path", "title", "slug", "latest_revision", "live")
    users = get_user_model().objects.order_by("pk").values_list("pk", "username", "password", "email")
    records = [
        list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in (Partenaire, Illustration, MotCle)
    ]
    return list(pages), list(users), records


def test_a_second_run_changes_nothing_and_says_so(monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    before = stored_state()
    assert run() == "La démonstration est déjà en place.\n"
    assert stored_state() == before


def test_a_given_password_is_set_again_and_only_then(monkeypatch):
    admin = get_user_model().objects.get(username="admin")
    admin.set_password("changé-par-une-personne")
    admin.save()
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    run()
    admin.refresh_from_db()
    assert admin.check_password("changé-par-une-personne")
    monkeypatch.setenv("DEMO_PASSWORD", "donné-par-l-opérateur")
    assert "donné-par-l-opérateur" in run()
    admin.refresh_from_db()
    assert admin.check_password("donné-par-l-opérateur")


@pytest.fixture(scope="module")
def removed(demonstration, django_db_blocker):
    """The examples removed, once for the module, from a site where staff began to work: ``said`` (the lines of the command), ``funder``
    and ``drawing`` (examples on the fiche of Agrodoubs)."""
    with module_transaction(django_db_blocker):
        get_user_model().objects.filter(username="jury").update(is_active=False)
        page = ContentPage.objects.get(slug="mentions-legales")
        page.introduction = "Nous écrivons."
        page.save_revision()
        agrodoubs = FichePage.objects.get(organisation="Agrodoubs")
        funder = Partenaire.objects.get(nom="Fonds d’essai pour l’innovation sociale")
        drawing = FichePage.objects.examples().exclude(photo=None).first().photo
        agrodoubs.financements = [FicheFinanceur(partenaire=funder)]
        agrodoubs.photo = drawing
        agrodoubs.save()
        yield SimpleNamespace(said=run("--retirer-exemples").splitlines(), funder=funder, drawing=drawing)


@pytest.mark.nightly
def test_the_accounts_that_stay_after_the_examples_are_named_with_the_reason(removed):
    assert removed.said[2:] == [
        "Ces comptes restent ouverts, car ils ont signé les pages du carnet n° 1\u00a0: admin, moderation, partenaire, redaction."
        " Leur mot de passe a été affiché au chargement de la démonstration. Changez-le, ou fermez ces comptes dans"
        " «\u00a0Réglages\u00a0», «\u00a0Utilisateurs\u00a0»."
    ]


@pytest.mark.nightly
def test_what_real_content_uses_outlives_the_examples(removed):
    uses = f"Éléments conservés, car de vrais contenus les utilisent\u00a0: {removed.funder}, {removed.funder.logo}, {removed.drawing}."
    assert removed.said[1] == uses
    agrodoubs = FichePage.objects.get(organisation="Agrodoubs")
    assert agrodoubs.photo == removed.drawing
    assert [f.partenaire for f in agrodoubs.financements.all()] == [removed.funder]


def assert_the_carnet_is_left(said):
    assert said[0] == "Exemples retirés\u00a0: 45 pages, 69 partenaires, images et documents."
    assert [fiche.organisation for fiche in FichePage.objects.all()] == ["Agrodoubs"]
    assert EtapePage.objects.count() == 9
    assert Partenaire.objects.count() == 15
    assert set(Illustration.objects.values_list("exemple", flat=True)) == {False}
    assert not get_document_model().objects.exists()
    assert not MotCle.objects.exists()
    assert [edition.annee for edition in Edition.objects.all()] == [2013]
    assert Page.find_problems() == ([], [], [], [], [])
    assert Publication.objects.visible().filter(kind="fiche").count() == 1
    assert get_user_model().objects.count() == 5


@pytest.mark.nightly
def test_removing_the_examples_leaves_the_carnet():
    assert_the_carnet_is_left(run("--retirer-exemples").splitlines())

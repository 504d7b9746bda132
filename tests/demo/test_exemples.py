"""The examples: plain to see, well spread, sound."""

from collections import Counter

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from etapes.carnets.mail_composition import STOP
from etapes.carnets.models import CarnetPage, Diffusion
from etapes.models import EtapePage, Inscription
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.models import Courriel, FichePage, Partenaire
from fiches.palmares.models import EtatDuPalmares, Palmares
from home.models import BibliographiePage, ContentPage, GrillePage, HomePage, PartenairesPage
from tests.demonstration import DAY, PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_whatever_is_made_up_is_marked():
    assert set(FichePage.objects.filter(exemple=False).values_list("organisation", flat=True)) == {"Agrodoubs"}
    assert EtapePage.objects.filter(exemple=False).count() == 9
    assert Partenaire.objects.filter(exemple=True).count() == 4
    pictures = [each.logo for each in Partenaire.objects.filter(exemple=True)]
    assert {(picture.credit, picture.exemple, picture.title[:7]) for picture in pictures} == {
        ("Dessin du projet Rally’nov", True, "Logo\u00a0: ")
    }
    used = set(FichePage.objects.filter(exemple=True).exclude(photo=None).values_list("photo__exemple", flat=True))
    assert used == {True}


def test_made_up_people_have_numbers_and_domains_that_belong_to_nobody():
    for fiche in FichePage.objects.filter(exemple=True):
        assert not fiche.contact_telephone or fiche.contact_telephone.startswith("03 53 01 ")
        assert fiche.contact_courriel.endswith(".example")
        assert not fiche.site or fiche.site.endswith(".example")


def test_every_body_would_pass_the_editors_checks():
    pages = [*HomePage.objects.all(), *ContentPage.objects.all(), *PartenairesPage.objects.all()]
    pages += [*GrillePage.objects.all(), *BibliographiePage.objects.all(), *FichePage.objects.all()]
    bodies = [page.corps for page in [*pages, *CarnetPage.objects.all()]]
    for etape in EtapePage.objects.all():
        bodies += [etape.programme, etape.compte_rendu]
    for body in bodies:
        try:
            body.stream_block.clean(body)
        except ValidationError as error:
            pytest.fail(f"{body.raw_data}: {error.as_data() if hasattr(error, 'error_list') else error}")


def test_the_next_example_etapes_are_open_full_postponed_and_cancelled():
    coming = EtapePage.objects.filter(exemple=True, date__gt=DAY).order_by("date")
    assert [(e.etat, e.guichet.ouverture, e.ancienne_date is not None) for e in coming] == [
        ("prevue", "ouverte", False),
        ("complete", "fermee", False),
        ("complete", "liste_attente", False),
        ("reportee", "aucune", True),
        ("reportee", "aucune", False),
        ("annulee", "aucune", False),
    ]
    assert {e.date.weekday() for e in coming} == {3}
    undated = EtapePage.objects.get(exemple=True, date=None)
    assert (undated.etat, undated.guichet.ouverture) == ("prevue", "fermee")


def test_made_up_people_come_to_the_examples_and_nobody_is_written_to():
    assert Counter(Inscription.objects.values_list("etape__commune__nom", "etat")) == {
        ("Pontarlier", "confirmee"): 5,
        ("Belfort", "confirmee"): 6,
        ("Belfort", "attente"): 2,
    }
    assert not Inscription.objects.exclude(courriel__endswith="@rallynov.example")
    assert not Courriel.objects.filter(modele__startswith="inscription")


def test_a_dossier_stands_in_each_state_and_nobody_is_written_to():
    assert {dossier.etat for dossier in Dossier.objects.filter(exemple=True)} == set(Etat)
    assert not Courriel.objects.filter(destinataires__icontains="dossiers.example")


def test_a_palmares_stands_at_each_state_and_the_example_carnet_was_sent():
    given = [(each.embargo.year, each.edition.annee) for each in Palmares.objects.all() if each.est_publie]
    assert given and all(day == edition for day, edition in given)
    told = {(each.etat, each.est_publie) for each in Palmares.objects.all()}
    assert told == {
        (EtatDuPalmares.PREPARATION, False),
        (EtatDuPalmares.NOTATION, False),
        (EtatDuPalmares.CLOSE, False),
        (EtatDuPalmares.CLOSE, True),
    }
    diffusion = Diffusion.objects.get()
    assert (diffusion.carnet.slug, diffusion.destinataires) == ("carnet-2", 217)
    assert STOP in diffusion.html and diffusion.texte.startswith("Les carnets de route Rally’nov - n° 2")


def test_the_accounts_have_the_role_of_their_name(site_hashers):
    users = get_user_model().objects.order_by("username")
    assert [(u.username, [g.name for g in u.groups.all()], u.is_superuser) for u in users] == [
        ("admin", [], True),
        ("jury", ["Jury"], False),
        ("moderation", ["Modération"], False),
        ("partenaire", ["Partenaires"], False),
        ("redaction", ["Rédaction"], False),
    ]
    assert all(u.check_password(PASSWORD) for u in users)

"""The examples: plain to see, well spread, sound."""

import datetime
from collections import Counter

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from wagtail.models import TaskState

from demo.etapes import thursday_after
from etapes.carnets.mail_composition import STOP
from etapes.carnets.models import CarnetPage, Diffusion, EtatDeDiffusion
from etapes.models import EtapePage, Inscription
from fiches.candidatures.models import Dossier
from fiches.models import Courriel, FichePage, Partenaire, Publication
from fiches.models.enums import tranche
from fiches.palmares.enums import EtatDuPalmares
from fiches.palmares.models import Palmares, Prix
from fiches.publications.ledger import rebuild
from fiches.territoire.territory import territory
from home.models import BibliographiePage, ContentPage, GrillePage, HomePage, Illustration, PartenairesPage
from tests.demo.conftest import TODAY
from tests.demonstration import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def published():
    """Those that the demonstration writes; one more comes from a dossier."""
    return FichePage.objects.examples().live().filter(dossier=None)


def test_a_dossier_stands_at_each_step():
    assert set(Dossier.objects.values_list("etat", flat=True)) >= {
        "brouillon",
        "refuse",
        "retire",
        "approuve",
        "publie",
    }
    assert [fiche.title for fiche in FichePage.objects.live().exclude(dossier=None)] == ["L’heure de chacun"]


def test_thirty_examples_spread_over_the_four_departements():
    counts = {code: published().filter(departement=code).count() for code in territory().departements}
    assert counts == {"25": 8, "39": 8, "70": 7, "90": 7}


def test_the_examples_cover_spheres_forms_sizes_years_and_criteria():
    def values(name):
        return set(published().values_list(name, flat=True))

    assert values("sphere") == {"ess", "classique"}
    assert len(values("statut")) == 14
    assert {tranche(size) for size in values("effectif")} == {
        "0",
        "1-2",
        "3-5",
        "6-9",
        "10-19",
        "20-49",
        "50-99",
        "100-199",
        "200-249",
        "250-499",
        "500-999",
    }
    assert values("edition__annee") == {2013, 2024, 2025, 2026}
    assert len(values("criteres__name")) == 7


def test_examples_are_placed_exactly_by_their_commune_or_not_at_all():
    assert {p: published().filter(precision=p).count() for p in ("exacte", "commune", "aucune")} == {
        "exacte": 12,
        "commune": 17,
        "aucune": 1,
    }


def test_one_example_has_no_picture_and_the_others_say_what_theirs_shows():
    assert published().filter(photo=None).count() == 1
    assert not published().exclude(photo=None).filter(photo_alt="")
    assert not published().exclude(logo=None).filter(logo_alt="")


def test_whatever_is_made_up_is_marked():
    assert set(FichePage.objects.filter(exemple=False).values_list("organisation", flat=True)) == {"Agrodoubs"}
    assert EtapePage.objects.filter(exemple=False).count() == 9
    assert Partenaire.objects.filter(exemple=True).count() == 4
    pictures = [each.logo for each in Partenaire.objects.filter(exemple=True)]
    assert {(picture.credit, picture.exemple, picture.title[:7]) for picture in pictures} == {
        ("Dessin du projet Rally’nov", True, "Logo\u00a0: ")
    }
    used = set(FichePage.objects.examples().exclude(photo=None).values_list("photo__exemple", flat=True))
    assert used == {True}


def test_made_up_people_have_numbers_and_domains_that_belong_to_nobody():
    for fiche in FichePage.objects.examples():
        assert not fiche.contact_telephone or fiche.contact_telephone.startswith("03 53 01 ")
        assert fiche.contact_courriel.endswith(".example")
        assert not fiche.site or fiche.site.endswith(".example")


def test_no_made_up_fiche_leans_on_a_real_partner():
    assert set(FichePage.objects.examples().values_list("partenaire__exemple", flat=True)) <= {True, None}


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


def test_every_kind_of_block_is_shown_by_some_fiche():
    kinds = {block.block_type for fiche in published() for block in fiche.corps}
    assert kinds == {"texte", "citation", "galerie", "chiffres_cles", "mise_en_oeuvre", "video", "document"}


def test_the_next_example_etapes_are_open_full_postponed_and_cancelled():
    coming = EtapePage.objects.filter(exemple=True, date__gt=TODAY).order_by("date")
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


def test_a_palmares_stands_at_each_state_and_the_example_carnet_was_sent():
    given = [(each.embargo.year, each.edition.annee) for each in Palmares.objects.released()]
    assert given and all(day == edition for day, edition in given)
    told = {(each.etat, each.est_publie) for each in Palmares.objects.all()}
    assert told == {
        (EtatDuPalmares.PREPARATION, False),
        (EtatDuPalmares.NOTATION, False),
        (EtatDuPalmares.CLOSE, False),
        (EtatDuPalmares.CLOSE, True),
    }
    diffusion = Diffusion.objects.get()
    assert (diffusion.carnet.slug, diffusion.etat) == ("carnet-2", EtatDeDiffusion.TERMINEE)
    assert STOP in diffusion.html and diffusion.texte.startswith("Les carnets de route Rally’nov - n° 2")


def test_the_past_example_etapes_have_their_report():
    past = EtapePage.objects.filter(exemple=True, date__lt=TODAY).order_by("date")
    assert [(e.participants, len(e.compte_rendu), e.presentations.count()) for e in past] == [(74, 2, 2), (112, 1, 3)]


def test_staff_find_fiches_at_each_step_of_the_review():
    steps = TaskState.objects.filter(workflow_state__status__in=["in_progress", "needs_changes"]).order_by("pk")
    current = [(s.workflow_state.content_object.title, s.task.name, s.status) for s in steps]
    assert [step for step in current if step[2] not in {"approved", "skipped"}] == [
        # those that a dossier made
        ("L’école dans l’atelier", "Relecture", "in_progress"),
        ("Une tournée à deux", "Relecture", "in_progress"),
        ("Le lait de nuit", "Relecture", "in_progress"),
        ("La scierie apprenante", "Relecture", "rejected"),
        ("Le camion jamais vide", "Relecture", "rejected"),
        # staff's own
        ("La blanchisserie qui compte l’eau", "Relecture", "in_progress"),
        ("Le car-bibliothèque des vallées", "Approbation", "in_progress"),
        ("La pause partagée", "Approbation", "rejected"),
    ]


def test_a_partner_finds_two_fiches_of_its_own():
    partner = get_user_model().objects.get(username="partenaire")
    assert sorted(FichePage.objects.filter(owner=partner).values_list("title", "live")) == [
        ("La blanchisserie qui compte l’eau", False),
        ("La boîte à outils du quartier", False),
    ]
    assert [p.sigle for p in partner.partenaires.all()] == ["RCC"]


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


def test_published_fiches_can_be_found_and_the_others_cannot():
    assert Publication.objects.visible().filter(kind="fiche").count() == 32
    assert [fiche.organisation for fiche in FichePage.objects.live().search("monture")] == ["La Seconde Vue"]


def test_drawings_are_credited():
    assert set(Illustration.objects.values_list("credit", flat=True)) == {"Dessin du projet Rally’nov"}


def test_example_etapes_fall_on_a_thursday_whatever_the_day():
    days = [datetime.date(2026, 11, 23) + datetime.timedelta(days=n) for n in range(7)]
    assert [thursday_after(day).isoformat() for day in days] == ["2026-11-26"] * 4 + ["2026-12-03"] * 3


def test_what_is_searched_under_another_name_is_found(client):
    rebuild()
    html = client.get("/fiches/", {"q": "bicyclette"}).content.decode()
    assert "Le vélo qui livre le bourg" in html


def test_each_dossier_tells_its_own_story():
    told = [dossier.reponses["chapo"] for dossier in Dossier.objects.filter(exemple=True)]
    assert len(set(told)) == len(told) == 11


def test_each_prize_that_is_public_stands_beside_its_fiche_in_the_api(client):
    winners = {prize.fiche.slug for prize in Prix.objects.public()}
    told = {slug: client.get(f"/api/v1/fiches/{slug}").json()["prix"] for slug in winners}
    assert len(winners) >= 3
    assert [slug for slug, prizes in told.items() if not prizes] == []

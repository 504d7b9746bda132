"""What each list, dashboard and report of the admin asks of the database: as much for one record of each kind as for thirty,
and at most thirty queries, forty where Wagtail draws the screen."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from etapes.carnets.models import Abonne
from etapes.models import Inscription
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Appel, Dossier, Motif, Signalement
from fiches.diffusion.models import Chargement, Livraison, Webhook
from fiches.mail.outbox import post
from fiches.models import Importation, Lien, RechercheVaine, Synonyme
from fiches.palmares.models import Jure, Palmares
from fiches.upkeep.recycle_bin import discard
from home.models import Reference
from tests.conftest import fresh, held, tree_of
from tests.factories import (
    DimensionFactory,
    EditionFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
    UserFactory,
)
from tests.together import together

pytestmark = pytest.mark.django_db

MOST = 30
# Screens that Wagtail draws whole, with our columns or panels in them. Its reports on locked pages, on workflows and on the history
# of the site are not here: what they cost grows with their rows.
WAGTAILS = {
    *("/admin/", "/admin/pages/{fiches}/", "/admin/pages/{etapes}/", "/admin/reports/page-types-usage/"),
}
MOST_OF_WAGTAILS = 40
ROLES = ("redaction", "moderation", "partenaire", "admin")
# ``{address: queries of each role}``; « – » for who may not open it.
COSTS = {
    "/admin/": "32 23 24 21",
    "/admin/fiches/": "30 30 30 24",
    "/admin/pages/{fiches}/": "37 37 38 31",
    "/admin/etapes/": "29 20 21 24",
    "/admin/pages/{etapes}/": "38 – – 32",
    "/admin/etapes/comptes-rendus/": "13 13 14 9",
    "/admin/etapes/{etape}/inscriptions/": "18 – – 14",
    "/admin/redaction/imports/": "14 – – 10",
    "/admin/redaction/corbeille/": "14 15 16 10",
    "/admin/redaction/liens/": "14 15 16 9",
    "/admin/redaction/courriels/": "13 14 – 9",
    "/admin/candidatures/dossiers/": "17 18 – 13",
    "/admin/candidatures/signalements/": "13 14 – 9",
    "/admin/portee/": "17 18 – 13",
    "/admin/portee/silences/": "12 13 – 8",
    "/admin/webhooks/abonnes/": "13 – – 9",
    "/admin/webhooks/abonnes/{webhook}/": "14 – – 10",
    "/admin/webhooks/journal/": "14 – – 10",
    "/admin/abonnes/": "13 – – 9",
    "/admin/palmares/": "13 14 – 9",
    "/admin/palmares/{palmares}/": "24 26 – 21",
    "/admin/snippets/rallynov_fiches/partenaire/": "16 17 – 12",
    "/admin/snippets/rallynov_fiches/dimension/": "13 14 – 9",
    "/admin/snippets/rallynov_fiches/edition/": "13 14 – 9",
    "/admin/snippets/rallynov_fiches/synonyme/": "13 – – 9",
    "/admin/snippets/rallynov_fiches/recherchevaine/": "13 – – 9",
    "/admin/snippets/rallynov_fiches/modeledecourriel/": "12 – – 8",
    "/admin/snippets/rallynov_candidatures/appel/": "13 14 – 9",
    "/admin/snippets/rallynov_candidatures/motif/": "13 14 – 9",
    "/admin/snippets/home/reference/": "13 – – 9",
    "/admin/donnees-personnelles/": "– – – 7",
    "/admin/reports/workflow_tasks/": "20 21 22 16",
    "/admin/reports/aging-pages/": "13 14 14 9",
    "/admin/reports/page-types-usage/": "25 30 32 20",
}


@pytest.fixture(scope="module")
def costs(ground, django_db_blocker):
    """``{address: (queries of each role for one of each, for thirty)}``."""
    with held(django_db_blocker):
        tree = tree_of(ground)
        people = {role: UserFactory(role=role, last_name=role) for role in ROLES}
        UserFactory(role="redaction")
        UserFactory(role="moderation")
        first = {"fiches": tree.fiches, "etapes": tree.etapes}
        add(tree, people, first, range(1))
        one = measured(people, first)
        add(tree, people, first, range(1, 30))
        thirty = measured(people, first)
        cache.clear()
        yield {address: (one[address], thirty[address]) for address in COSTS}


def add(tree, people, first, numbers):
    """One of each kind of record, for each of ``numbers``. ``first`` keeps the records that :data:`COSTS` names."""
    for fiche in add_all_but_the_bin(tree, people, first, numbers):
        discard(fiche, by=people["redaction"])


@together()
def add_all_but_the_bin(tree, people, first, numbers):
    """Returns the fiches that are to be deleted."""
    now, withdrawn = timezone.now(), []
    picture = IllustrationFactory()
    for number in numbers:
        edition = EditionFactory(annee=2000 + number)
        partner = PartenaireFactory(logo=picture)
        DimensionFactory()
        reviewed = [
            FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=owner, photo=picture, revision=owner)
            for owner in (None, people["redaction"], people["partenaire"])
        ]
        for fiche in reviewed:
            fiche.get_workflow().start(fiche, fiche.owner)
        FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=people["redaction"])
        locked = FichePageFactory(parent=tree.fiches, partenaire=partner, edition=edition, commune_id="25056")
        locked.locked, locked.locked_by, locked.locked_at = True, people["redaction"], now
        locked.save()
        withdrawn.append(FichePageFactory(parent=tree.fiches))
        EtapePageFactory(parent=tree.etapes, photo=picture, organisateurs=[partner], commune_id="39198")
        etape = EtapePageFactory(parent=tree.etapes, date=timezone.localdate() + timedelta(days=9), live=True)
        Lien.objects.create(
            page=fiche, adresse="https://x.test/", empreinte=str(number), constat="404", mort_depuis=now
        )
        Importation.objects.create(auteur=people["redaction"], nom="fiches.csv", etat="fait")
        post(f"essai:{number}", modele="refuse", destinataires=["a@b.example"])
        dossier = {"courriel": "a@b.example", "etat": Etat.RECU, "soumis": now, "organisation": "Les Tilleuls"}
        Dossier.objects.create(**dossier, echeance=now - timedelta(days=1), responsable=people["moderation"])
        Dossier.objects.create(**dossier, fiche=fiche)
        Signalement.objects.create(organisation="Les Fours", innovation="Un four.", empreinte=str(number))
        Appel.objects.create(nom="Appel", edition=edition, ouverture=now, cloture=now + timedelta(days=9))
        Motif.objects.create(intitule=f"Motif {number}", texte="Trop court.")
        for day in (3, 40):
            jour = timezone.localdate() - timedelta(days=day)
            Chargement.objects.create(hote=f"site-{number}-{day}.example", jour=jour, nature="carte", nombre=50)
        webhook = Webhook.objects.create(
            nom="Site", adresse="https://x.test/", evenements=["fiche.publiee"], actif=False
        )
        Abonne.objects.create(courriel=f"a{number}@b.example", confirme_le=now)
        palmares = Palmares.objects.create(edition=edition)
        Synonyme.objects.create(termes=f"four{number}, fournil{number}")
        RechercheVaine.objects.create(jour=date.today(), mots=f"four {number}")
        Reference.objects.create(titre="Le four", annee=2001)
        for name, record in (("etape", etape), ("webhook", webhook), ("palmares", palmares)):
            first.setdefault(name, record)
        Inscription.objects.create(etape=first["etape"], nom="Anne", courriel=f"i{number}@b.example", etat="confirmee")
        Livraison.objects.create(webhook=first["webhook"], evenement="test")
        Jure.objects.create(palmares=first["palmares"], compte=UserFactory(), nom="Jurée")
    return withdrawn


def measured(people, first):
    """``{address: queries of each role}``, once what is made at a first reading is made."""
    numbers = {name: record.pk for name, record in first.items()}
    clients = {role: logged_in(user) for role, user in people.items()}
    return {
        address: " ".join(
            cost(clients[role], address.format(**numbers), expected)
            for role, expected in zip(ROLES, COSTS[address].split(), strict=True)
        )
        for address in COSTS
    }


def logged_in(user):
    client = Client()
    client.force_login(fresh(user))
    return client


def cost(client, address, expected):
    """What a screen costs, or « – ». Read once if it costs what is expected: only what is made at a first reading makes it cost
    something else, and then it is read again."""
    for _reading in range(2):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
            response.getvalue()
        queries = "–" if response.status_code == 302 else str(len(captured))
        if queries == expected:
            break
    return queries


@pytest.mark.parametrize("address", COSTS)
def test_a_screen_costs_the_same_for_one_and_for_thirty_and_little(costs, address):
    assert costs[address] == (COSTS[address], COSTS[address])
    most = MOST_OF_WAGTAILS if address in WAGTAILS else MOST
    assert [each for each in COSTS[address].split() if each != "–" and int(each) > most] == []

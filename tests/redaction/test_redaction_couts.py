"""Each list, dashboard, report and screen of the admin asks as much of the database for one record of each kind as for five."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Comment, CommentReply

from etapes.models import Inscription
from fiches.candidatures.consentements import record_consents
from fiches.candidatures.models import Appel, Dossier, Signalement
from fiches.candidatures.team_messages import PROOF, ask_team
from fiches.diffusion.models import Chargement, Livraison, Webhook
from fiches.mail.outbox import post
from fiches.models import (
    Abonnement,
    Courriel,
    FicheCritere,
    FicheMotCle,
    FichePage,
    Importation,
    RechercheVaine,
    Synonyme,
)
from fiches.palmares.models import Categorie, CritereDeNotation, Evaluation, Jure, Nomination, Palmares
from home.models import Reference
from tests.batch_indexing import batch_indexing
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import (
    CarnetPageFactory,
    CritereFactory,
    DimensionFactory,
    EditionFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    MotCleFactory,
    PartenaireFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

# ``{who reads: addresses}``: somebody whose rights are looked up, where they may open the screen. Not here, since what they cost grows
# with their rows: Wagtail's reports on locked pages, on workflows and on the history of the site, its comparisons of versions, and the
# home page, which asks of each page that waits who may decide.
SCREENS = {
    "redaction": (
        "/admin/fiches/",
        "/admin/fiches/results/?q=recette&manque=photo",
        "/admin/pages/{fiches}/",
        "/admin/etapes/",
        "/admin/pages/{etapes}/",
        "/admin/etapes/?export=csv",
        "/admin/fiches/approuvees/",
        "/admin/etapes/arrivee/{cle}/",
        "/admin/etapes/{etape}/inscriptions/",
        "/admin/etapes/{etape}/inscriptions/message/",
        "/admin/carnets/{carnet}/envoi/",
        "/admin/redaction/imports/",
        "/admin/redaction/imports/{importation}/",
        "/admin/redaction/imports/{importation}/annuler/",
        "/admin/pages/{relue}/edit/",
        "/admin/redaction/courriels/",
        "/admin/redaction/courriels/?etat=refuse",
        "/admin/candidatures/dossiers/",
        "/admin/candidatures/dossiers/{dossier}/retirer-consentement/?finalite=contact_nom",
        "/admin/candidatures/dossiers/{question}/messages/",
        "/admin/candidatures/signalements/",
        "/admin/portee/",
        "/admin/webhooks/abonnes/",
        "/admin/webhooks/abonnes/edit/{webhook}/",
        "/admin/webhooks/journal/",
        "/admin/abonnes/",
        "/admin/palmares/",
        "/admin/palmares/{palmares}/",
        "/admin/palmares/edit/{palmares}/",
        "/admin/snippets/rallynov_fiches/partenaire/",
        "/admin/snippets/rallynov_fiches/dimension/",
        "/admin/snippets/rallynov_fiches/edition/",
        "/admin/snippets/rallynov_fiches/synonyme/",
        "/admin/snippets/rallynov_fiches/recherchevaine/",
        "/admin/snippets/rallynov_fiches/modeledecourriel/",
        "/admin/snippets/rallynov_candidatures/appel/",
        "/admin/snippets/home/reference/",
        "/admin/reports/workflow_tasks/",
        "/admin/reports/aging-pages/",
        "/admin/reports/page-types-usage/",
    ),
    "moderation": ("/admin/palmares/{clos}/decision/{categorie}/",),
    "admin": ("/admin/users/",),
}
ADDRESSES = {address: role for role, addresses in SCREENS.items() for address in addresses}


@pytest.fixture(scope="module")
def costs(module_tree, django_db_blocker):
    """``{address: (queries for one record of each kind, for five)}``."""
    with module_transaction(django_db_blocker):
        tree = read_tree(module_tree)
        people = {
            role: UserFactory(role=role, last_name=role) for role in ("redaction", "moderation", "partenaire", "admin")
        }
        UserFactory(role="redaction")
        UserFactory(role="moderation")
        first = {"fiches": tree.fiches, "etapes": tree.etapes}
        add(tree, people, first, range(1))
        numbers = {name: getattr(record, "pk", record) for name, record in first.items()}
        clients = {role: logged_in(people[role]) for role in SCREENS}
        places = {address: (clients[role], address.format(**numbers)) for address, role in ADDRESSES.items()}
        one = {address: cost(*place) for address, place in places.items()}
        add(tree, people, first, range(1, 5))
        five = {address: cost(*place, expected=one[address]) for address, place in places.items()}
        cache.clear()
        yield {address: (one[address], five[address]) for address in ADDRESSES}


@batch_indexing()
def add(tree, people, first, numbers):
    """One of each kind of record, for each of ``numbers``. ``first`` keeps the records that the addresses name."""
    now, shown = timezone.now(), []
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
        locked.locked, locked.locked_by, locked.locked_at = True, people["admin"], now
        locked.save()
        EtapePageFactory(parent=tree.etapes, photo=picture, organisateurs=[partner], commune_id="39198")
        etape = EtapePageFactory(parent=tree.etapes, date=timezone.localdate() + timedelta(days=9), live=True)
        etape.save_revision()
        Importation.objects.create(auteur=people["redaction"], nom="fiches.csv", etat="fait")
        post(f"essai:{number}", modele="refuse", destinataires=["a@b.example"])
        Courriel.objects.create(
            cle=f"x{number}", modele="refuse", destinataires=[f"a{number}@b.example"], etat="refuse"
        )
        dossier = {"courriel": "a@b.example", "soumis": now, "organisation": "Les Tilleuls"}
        Dossier.objects.create(**dossier, depuis=now - timedelta(days=11))
        Dossier.objects.create(**dossier, fiche=fiche)
        Signalement.objects.create(organisation="Les Fours", innovation="Un four.", empreinte=str(number))
        Appel.objects.create(nom="Appel", edition=edition, ouverture=now, cloture=now + timedelta(days=9))
        for day in (3, 40):
            jour = timezone.localdate() - timedelta(days=day)
            Chargement.objects.create(hote=f"site-{number}-{day}.example", jour=jour, nature="carte", nombre=50)
        webhook = Webhook.objects.create(nom="Site", adresse="https://x.test/", actif=False)
        Abonnement.objects.create(nature="carnets", courriel=f"a{number}@b.example", confirme_le=now)
        palmares = Palmares.objects.create(edition=edition)
        Synonyme.objects.create(termes=f"four{number}, fournil{number}")
        RechercheVaine.objects.create(jour=date.today(), mots=f"four {number}")
        Reference.objects.create(titre="Le four", annee=2001)
        for name, made in (
            ("etape", etape),
            ("webhook", webhook),
            ("palmares", palmares),
            ("innovation", reviewed[0]),
            ("relue", reviewed[1]),
        ):
            first.setdefault(name, made)
        guest = {"nom": "Anne", "courriel": f"i{number}@b.example", "etat": "confirmee"}
        first.setdefault("cle", Inscription.objects.create(etape=first["etape"], **guest).cle)
        Livraison.objects.create(webhook=first["webhook"], evenement="test")
        Jure.objects.create(palmares=first["palmares"], compte=UserFactory(), nom="Jurée")
        first.setdefault("partenaire", partner.slug)
        add_to_the_dossier(tree, people, first, number, picture)
        shown.append((locked, etape))
        add_to_the_prizes(first, edition, locked)
        table = {"feuilles": [("", 1, ["innovation", "organisation"], [])], "feuille": 0, "liste": tree.fiches.pk}
        if "importation" not in first:
            made = {"etat": "fait", "fait_le": timezone.now(), "lignes": table}
            first["importation"] = Importation.objects.create(nom="x.csv", **made)
        importation = first["importation"]
        importation.lignes["feuilles"][0][3].append((number, ["Un four", "Fournil"]))
        importation.save()
        importation.fiches.add(locked)
    add_to_the_carnet(tree, first, shown)
    for _number in numbers:
        first["relue"].save_revision(user=people["admin"], clean=False, log_action=True)
    for innovation in (first["innovation"], first["dossier"].fiche):
        write_versions(innovation, numbers, people["admin"])


def write_versions(fiche, numbers, by):
    """A version by ``by`` for each number, with a criterion and a keyword more, and a remark with its reply."""
    page = FichePage.objects.get(pk=fiche.pk).latest_revision.as_object()
    for number in numbers:
        page.chapo = f"Version {number}."
        page.fiche_criteres.add(FicheCritere(tag=CritereFactory()))
        page.fiche_mots_cles.add(FicheMotCle(tag=MotCleFactory()))
        page.save_revision(user=by, clean=False, log_action=True)
    for _number in numbers:  # a version that is saved without its remarks deletes them
        comment = Comment.objects.create(page=fiche, user=by, text="Trop long.", contentpath="chapo")
        CommentReply.objects.create(comment=comment, user=by, text="D’accord.")


def add_to_the_dossier(tree, people, first, number, picture):
    """What the screen of a dossier shows, and a dossier that was not sent, whose company asks a question."""
    if "dossier" not in first:
        its = {"live": False, "complete": True, "organisation": "Fournil", "commune_id": "25056"}
        fiche = FichePageFactory(parent=tree.fiches, revision=people["partenaire"], **its)
        fiche.get_workflow().start(fiche, None)
        sent = {"courriel": "jeanne@b.example", "soumis": timezone.now(), "organisation": "Fournil"}
        sent["code_insee"] = "25056"
        answers = {"commune": "25056", "titre": "Un four", "chapo": "Trois fours.", "criteres": ["1"]}
        first["dossier"] = Dossier.objects.create(**sent, fiche=fiche, reponses=answers, numero="D-1")
        first["question"] = Dossier.objects.create(courriel="jeanne@b.example")
    dossier = first["dossier"]
    for each in (dossier, first["question"]):
        ask_team(dossier=each, texte=f"Question {number} ?")
    dossier.pieces.create(role="document", nom=f"{number}.txt", taille=1, extension=".txt", fichier=picture.file.name)
    dossier.modifications.create(revision=number, champ="chapo", apres="x")
    record_consents(dossier=dossier, choices={"publication": True, "contact_nom": True})
    dossier.evenements.create(message=PROOF, valeurs={"version": 1}, epreuve=dossier.fiche.latest_revision)
    post(f"dossier:{number}", modele="refuse", destinataires=["a@b.example"], sujet=dossier)


def add_to_the_carnet(tree, first, shown):
    page = get_or_make(first, "carnet", lambda: CarnetPageFactory(parent=tree.carnets, title="Carnet", numero=1))
    for fiche, etape in shown:
        page.corps.append(("fiches", {"titre": "Les fiches", "fiches": [fiche]}))
        page.corps.append(("etapes", {"titre": "Les étapes", "etapes": [etape]}))
    page.save_revision().publish()


def add_to_the_prizes(first, edition, fiche):
    """What the ranking and the decision on a category show, once the scoring is closed."""
    closed = get_or_make(
        first, "clos", lambda: Palmares.objects.create(edition=EditionFactory(annee=1999), etat="close")
    )
    category = get_or_make(first, "categorie", lambda: Categorie.objects.create(palmares=closed, nom="Coopération"))
    nomination = Nomination.objects.create(categorie=category, fiche=fiche)
    juror = Jure.objects.create(palmares=closed, compte=UserFactory(), nom="Jurée")
    criterion = CritereDeNotation.objects.create(palmares=closed, nom=f"Utilité {fiche.pk}", definition="x", poids=1)
    Evaluation.objects.create(jure=juror, nomination=nomination, notes={criterion.pk: 3})


def get_or_make(first, name, make):
    if name not in first:
        first[name] = make()
    return first[name]


def logged_in(user):
    client = Client()
    client.force_login(reload_record(user))
    return client


def cost(client, address, expected=None):
    """The queries of a screen. Read again unless it costs ``expected``: something is made at a first reading."""
    for _reading in range(2):
        reset_queries()  # the log is bounded
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
            response.getvalue()
        assert response.status_code == 200, address
        if len(captured) == expected:
            break
    return len(captured)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_screen_costs_the_same_for_one_and_for_five(costs, address):
    one, five = costs[address]
    assert one == five


def test_the_explorer_of_other_pages_costs_the_same_for_one_and_for_six(tree, client):
    client.force_login(UserFactory(role="admin"))
    address = f"/admin/pages/{tree.carnets.pk}/"
    CarnetPageFactory(parent=tree.carnets, numero=1)
    one = cost(client, address)
    for number in range(2, 7):
        CarnetPageFactory(parent=tree.carnets, numero=number)
    assert cost(client, address) == one

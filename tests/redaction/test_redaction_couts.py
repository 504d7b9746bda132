"""What each list, dashboard and report of the admin asks of the database: as much for one record of each kind as for thirty,
and at most thirty queries, forty where Wagtail draws the screen."""

import inspect
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, resolve
from django.utils import timezone

from etapes.carnets.models import Abonne
from etapes.models import Inscription
from fiches.candidatures.consentements import record_consents
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Accord, Appel, Dossier, Motif, Signalement
from fiches.candidatures.team_messages import ask_team
from fiches.diffusion.models import Chargement, Livraison, Webhook
from fiches.mail.outbox import post
from fiches.models import DecisionAnnulable, Importation, Lien, LigneImportee, RechercheVaine, Synonyme
from fiches.moderation.fiche_state import page_state
from fiches.palmares.models import Categorie, CritereDeNotation, Evaluation, Jure, Nomination, Note, Palmares
from fiches.upkeep.recycle_bin import discard
from home.models import Reference
from tests.batch_indexing import batch_indexing
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import (
    CarnetPageFactory,
    DimensionFactory,
    EditionFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
    UserFactory,
)
from tests.rich_versions import write_versions

pytestmark = pytest.mark.django_db

MOST = 30
# Screens that Wagtail draws whole, with our columns or panels in them. Its reports on locked pages, on workflows and on the history
# of the site are not here: what they cost grows with their rows.
WAGTAILS = {
    *("/admin/pages/{fiches}/", "/admin/pages/{etapes}/", "/admin/reports/page-types-usage/"),
}
MOST_OF_WAGTAILS = 40
# Screens whose columns or panels differ by role. Each role reads them with one record of each kind too; the others, whoever asks most.
BY_ROLE = {
    *(
        "/admin/",
        "/admin/fiches/",
        "/admin/fiches/results/?q=recette&manque=photo",
        "/admin/pages/{fiches}/",
        "/admin/etapes/",
    ),
    *(
        "/admin/etapes/comptes-rendus/",
        "/admin/pages/{etapes}/",
        "/admin/reports/workflow_tasks/",
        "/admin/reports/page-types-usage/",
    ),
}
ROLES = ("redaction", "moderation", "partenaire", "admin")
# ``{address: queries of each role}``; « – » for who may not open it.
COSTS = {
    "/admin/": "30 23 24 25",
    "/admin/fiches/": "28 29 29 24",
    "/admin/fiches/results/?q=recette&manque=photo": "21 21 14 16",
    "/admin/pages/{fiches}/": "35 36 37 31",
    "/admin/etapes/": "27 19 20 24",
    "/admin/pages/{etapes}/": "36 – – 32",
    "/admin/etapes/comptes-rendus/": "11 12 13 9",
    "/admin/fiches/approuvees/": "8 8 8 5",
    "/admin/etapes/arrivee/{cle}/": "11 – – 9",
    "/admin/etapes/{etape}/inscriptions/": "16 – – 14",
    "/admin/etapes/{etape}/inscriptions/message/": "11 – – 9",
    "/admin/etapes/{etape}/publier/": "19 – – 17",
    "/admin/carnets/{carnet}/envoi/": "12 – – 10",
    "/admin/redaction/imports/": "13 – – 10",
    "/admin/redaction/imports/{importation}/": "21 – – 18",
    "/admin/redaction/imports/{importation}/annuler/": "15 – – 12",
    "/admin/redaction/innovations/{innovation}/": "25 26 – 21",
    "/admin/pages/{innovation}/revisions/compare/earliest...latest/": "23 25 – 22",
    "/admin/redaction/corbeille/": "12 14 15 10",
    "/admin/redaction/liens/": "12 14 15 9",
    "/admin/redaction/courriels/": "11 13 – 9",
    "/admin/candidatures/dossiers/": "15 17 – 13",
    "/admin/candidatures/dossiers/{dossier}/": "29 30 – 26",
    "/admin/candidatures/dossiers/{dossier}/corriger/?champ=chapo": "11 13 – 9",
    "/admin/candidatures/dossiers/{dossier}/refuser/": "13 15 – 11",
    "/admin/candidatures/dossiers/{dossier}/fusionner/?autre={autre}": "11 13 – 9",
    "/admin/candidatures/dossiers/{dossier}/retirer-consentement/?finalite=contact_nom": "16 18 – 14",
    "/admin/candidatures/dossiers/{question}/messages/": "12 14 – 10",
    "/admin/candidatures/signalements/": "11 13 – 9",
    "/admin/portee/": "15 17 – 13",
    "/admin/portee/silences/": "10 12 – 8",
    "/admin/portee/partenaire/{partenaire}/": "13 15 – 11",
    "/admin/portee/financeur/{partenaire}/": "17 19 – 15",
    "/admin/webhooks/abonnes/": "11 – – 9",
    "/admin/webhooks/abonnes/{webhook}/": "12 – – 10",
    "/admin/webhooks/abonnes/new/": "9 – – 7",
    "/admin/webhooks/abonnes/edit/{webhook}/": "12 – – 10",
    "/admin/webhooks/journal/": "12 – – 10",
    "/admin/webhooks/journal/{livraison}/": "10 – – 8",
    "/admin/abonnes/": "11 – – 9",
    "/admin/palmares/": "11 13 – 9",
    "/admin/palmares/{palmares}/": "22 25 – 21",
    "/admin/palmares/new/": "9 – – 7",
    "/admin/palmares/edit/{palmares}/": "15 – – 13",
    "/admin/palmares/{clos}/classement/": "– 19 – 15",
    "/admin/palmares/{clos}/decision/{categorie}/": "– 22 – 18",
    "/admin/snippets/rallynov_fiches/partenaire/": "14 16 – 12",
    "/admin/snippets/rallynov_fiches/dimension/": "11 13 – 9",
    "/admin/snippets/rallynov_fiches/edition/": "11 13 – 9",
    "/admin/snippets/rallynov_fiches/synonyme/": "11 – – 9",
    "/admin/snippets/rallynov_fiches/recherchevaine/": "11 – – 9",
    "/admin/snippets/rallynov_fiches/modeledecourriel/": "10 – – 8",
    "/admin/snippets/rallynov_fiches/modeledecourriel/edit/accuse/": "12 – – 10",
    "/admin/snippets/rallynov_candidatures/appel/": "11 13 – 9",
    "/admin/snippets/rallynov_candidatures/motif/": "11 13 – 9",
    "/admin/snippets/home/reference/": "11 – – 9",
    "/admin/donnees-personnelles/": "– – – 7",
    "/admin/redaction/taches/": "– – – 8",
    "/admin/users/": "– – – 11",
    "/admin/guide/": "9 11 12 7",
    "/admin/guide/suite/": "9 11 12 7",
    "/admin/reports/workflow_tasks/": "18 20 21 16",
    "/admin/reports/aging-pages/": "15 13 13 13",
    "/admin/reports/page-types-usage/": "25 32 33 22",
}


@pytest.fixture(scope="module")
def costs(module_tree, django_db_blocker):
    """``{address: ({role: queries} for one of each, for thirty)}``."""
    with module_transaction(django_db_blocker):
        tree = read_tree(module_tree)
        people = {role: UserFactory(role=role, last_name=role) for role in ROLES}
        UserFactory(role="redaction")
        UserFactory(role="moderation")
        first = {"fiches": tree.fiches, "etapes": tree.etapes}
        add(tree, people, first, range(1))
        one = measured(people, first, everybody=BY_ROLE)
        add(tree, people, first, range(1, 30))
        thirty = measured(people, first, everybody=COSTS)
        cache.clear()
        yield {address: (one[address], thirty[address]) for address in COSTS}


def add(tree, people, first, numbers):
    """One of each kind of record, for each of ``numbers``. ``first`` keeps the records that :data:`COSTS` names."""
    withdrawn = add_all_but_the_bin(tree, people, first, numbers)
    with batch_indexing():
        for fiche in withdrawn:
            discard(fiche, by=people["redaction"])


@batch_indexing()
def add_all_but_the_bin(tree, people, first, numbers):
    """Returns the fiches that are to be deleted."""
    now, withdrawn, shown = timezone.now(), [], []
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
        for who, fiche in (("redaction", reviewed[1]), ("moderation", reviewed[2])):
            undoable = {f"fiche:{fiche.pk}": page_state(type(fiche), fiche.pk)}
            DecisionAnnulable.objects.create(
                verdict="corrections", auteur=people[who], fiche=fiche, avant=undoable, apres=undoable
            )
        FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=people["redaction"])
        locked = FichePageFactory(parent=tree.fiches, partenaire=partner, edition=edition, commune_id="25056")
        locked.locked, locked.locked_by, locked.locked_at = True, people["redaction"], now
        locked.save()
        withdrawn.append(FichePageFactory(parent=tree.fiches))
        EtapePageFactory(parent=tree.etapes, photo=picture, organisateurs=[partner], commune_id="39198")
        etape = EtapePageFactory(parent=tree.etapes, date=timezone.localdate() + timedelta(days=9), live=True)
        etape.save_revision()
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
        for name, made in (("etape", etape), ("webhook", webhook), ("palmares", palmares), ("innovation", reviewed[0])):
            first.setdefault(name, made)
        guest = {"nom": "Anne", "courriel": f"i{number}@b.example", "etat": "confirmee"}
        first.setdefault("cle", Inscription.objects.create(etape=first["etape"], **guest).cle)
        first.setdefault("livraison", Livraison.objects.create(webhook=first["webhook"], evenement="test"))
        Jure.objects.create(palmares=first["palmares"], compte=UserFactory(), nom="Jurée")
        first.setdefault("partenaire", partner.slug)
        add_to_the_dossier(tree, people, first, number, picture)
        shown.append((locked, etape))
        add_to_the_prizes(first, edition, locked)
        table = {"entetes": ["innovation", "organisation"], "rangs": [], "liste": tree.fiches.pk}
        if "importation" not in first:
            first["importation"] = Importation.objects.create(nom="x.csv", etat="fait", lignes=table)
        importation = first["importation"]
        importation.lignes["rangs"].append((number, ["Un four", "Fournil"]))
        importation.save()
        LigneImportee.objects.create(importation=importation, rang=number, fiche=locked)
    add_to_the_carnet(tree, first, shown)
    for innovation in (first["innovation"], first["dossier"].fiche):
        write_versions(innovation, numbers, people["admin"])
    return withdrawn


def add_to_the_dossier(tree, people, first, number, picture):
    """What the screen of a dossier shows, and a dossier that was not sent, whose company asks a question."""
    if "dossier" not in first:
        its = {"live": False, "complete": True, "organisation": "Fournil", "commune_id": "25056"}
        fiche = FichePageFactory(parent=tree.fiches, revision=people["partenaire"], **its)
        fiche.get_workflow().start(fiche, None)
        sent = {"courriel": "jeanne@b.example", "etat": Etat.RECU, "soumis": timezone.now(), "organisation": "Fournil"}
        sent["code_insee"] = "25056"
        answers = {"commune": "25056", "titre": "Un four", "chapo": "Trois fours.", "criteres": ["1"]}
        first["dossier"] = Dossier.objects.create(**sent, fiche=fiche, reponses=answers, numero="D-1")
        first["autre"] = Dossier.objects.create(**sent, numero="D-2")
        first["question"] = Dossier.objects.create(courriel="jeanne@b.example")
    dossier = first["dossier"]
    for each in (dossier, first["question"]):
        ask_team(dossier=each, texte=f"Question {number} ?")
    dossier.pieces.create(role="document", nom=f"{number}.txt", taille=1, extension=".txt", fichier=picture.file.name)
    dossier.modifications.create(revision=number, champ="chapo", apres="x", en_conflit=bool(number % 2))
    record_consents(dossier=dossier, choices={"publication": True, "contact_nom": True})
    Accord.objects.create(dossier=dossier, revision=dossier.fiche.latest_revision, revision_numero=1)
    post(f"dossier:{number}", modele="refuse", destinataires=["a@b.example"], sujet=dossier)
    Dossier.objects.create(courriel="a@b.example", etat=Etat.RETIRE, numero=f"F-{number}", fusionne_dans=dossier)


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
    evaluation = Evaluation.objects.create(jure=juror, nomination=nomination)
    Note.objects.create(evaluation=evaluation, critere=criterion, valeur=3)


def get_or_make(first, name, make):
    if name not in first:
        first[name] = make()
    return first[name]


def expected(address):
    """``{role: queries}``, or « – » for a role that may not open the screen."""
    return dict(zip(ROLES, COSTS[address].split(), strict=True))


def as_number(queries):
    return int(queries.replace("–", "0"))


def measured(people, first, *, everybody):
    """``{address: {role: queries}}``, once what is made at a first reading is made; each role reads the addresses of ``everybody``,
    and the others are read by the role that asks most."""
    numbers = {name: getattr(record, "pk", record) for name, record in first.items()}
    clients = {role: logged_in(user) for role, user in people.items()}
    found = {}
    for address in COSTS:
        known = expected(address)
        roles = ROLES if address in everybody else [max(ROLES, key=lambda role, known=known: as_number(known[role]))]
        found[address] = {role: cost(clients[role], address.format(**numbers), known[role]) for role in roles}
    return found


def logged_in(user):
    client = Client()
    client.force_login(reload_record(user))
    return client


def cost(client, address, expected):
    """What a screen costs, or « – ». Read once if it costs what is expected: only what is made at a first reading makes it cost
    something else, and then it is read again."""
    for _reading in range(2):
        reset_queries()  # the log is bounded
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
            response.getvalue()
        queries = "–" if response.status_code == 302 else str(len(captured))
        if queries == expected:
            break
    return queries


@pytest.mark.parametrize("address", COSTS)
def test_a_screen_costs_the_same_for_one_and_for_thirty_and_little(costs, address):
    one, thirty = costs[address]
    known = expected(address)
    assert (one, thirty) == ({role: known[role] for role in one}, known)
    assert max(map(as_number, known.values())) <= (MOST_OF_WAGTAILS if address in WAGTAILS else MOST)


def test_the_explorer_of_other_pages_costs_the_same_for_one_and_for_six(tree, client):
    client.force_login(UserFactory(role="admin"))
    address = f"/admin/pages/{tree.carnets.pk}/"
    CarnetPageFactory(parent=tree.carnets, numero=1)
    one = cost(client, address, "")
    for number in range(2, 7):
        CarnetPageFactory(parent=tree.carnets, numero=number)
    assert cost(client, address, "") == one


# Addresses of ours that show no screen: they are posted to, or answer with a file, with JSON or with a redirection.
NO_SCREENS = re.compile(
    r"results/|\.(pdf|png|csv|json)|lignes\.|modele\.|fichier/|photo/|apercu/|preview/|diplome/|(comptes-rendus|vues|taches)/<"
    r"|/(<slug:verbe>|dupliquer|ajouter|essai|lancer|renvoyer|revoir|inviter|arreter|envoyer|oublier|restaurer)/|vues/"
    r"|carte/|tag-autocomplete|chosen|login/|activate/|password_reset|delete/"
)
# What shows a form of Wagtail's with a chooser for each fiche, and the screens of the undoing and of the approval of a change, drawn by
# that of its publication.
OTHERS = {
    "admin/palmares-categories/edit/<int:pk>/",
    "admin/etapes/<int:pk>/retablir/",
    "admin/etapes/<int:pk>/approuver/<int:tache>/",
}


OURS = {"fiches", "etapes", "home", "search", "config"}


def test_each_screen_of_ours_is_counted():
    plain = (re.sub("{cle}", str(uuid4()), address.partition("?")[0]) for address in COSTS)
    counted = {resolve(re.sub("{[a-z]+}", "1", address)).route for address in plain}
    ours = {route for route, view in routes(get_resolver()) if view.__module__.split(".")[0] in OURS}
    missing = {
        route for route in ours - counted - OTHERS if route.startswith("admin/") and not NO_SCREENS.search(route)
    }
    assert missing == set()


def routes(resolver, before=""):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, route)
        else:
            yield route, getattr(inspect.unwrap(pattern.callback), "view_class", inspect.unwrap(pattern.callback))

"""``QuerySet.update()`` sends no signal: on a model that the public sees, the product calls ``fiches.models.bulk.update``.

Every call of ``.update(`` and ``.bulk_update(`` in the product is read here. One whose model can't be told from the code has a
line in :data:`ELSEWHERE`, one on a model has that model in :data:`PUBLIC` or :data:`UNSEEN`.
"""

import ast
import importlib
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model
from wagtail.models import Page

from etapes.models import EtapePage
from fiches.models import FichePage
from fiches.models.bulk import update
from tests.factories import EtapePageFactory, FichePageFactory

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("fiches", "etapes", "home", "search", "site/config", "site/demo")
PUBLIC = {
    "rallynov_fiches": {
        "Commune",
        "Critere",
        "Dimension",
        "Edition",
        "FicheFinanceur",
        "MotCle",
        "Partenaire",
        "Synonyme",
    },
    "rallynov_etapes": {"EtapeOrganisation", "PresentationDeFiche"},
    "rallynov_palmares": {"Categorie", "Decision", "Nomination", "Prix"},
    "home": {"Illustration", "LienDeMenu", "LienDePied", "Navigation", "Organisme", "Reference"},
}
"""The records that the public reads; every page is public too."""
UNSEEN = {
    "rallynov_candidatures": {"Dossier", "Jeton"},
    "rallynov_carnets": {"Abonne", "Diffusion"},
    "rallynov_diffusion": {"Chargement", "Livraison", "Suivi", "Webhook"},
    "rallynov_etapes": {"Inscription"},
    "rallynov_fiches": {
        "Bilan",
        "Courriel",
        "Echeance",
        "FicheSupprimee",
        "Importation",
        "LigneImportee",
        "Publication",
        "RechercheVaine",
    },
    "rallynov_palmares": {
        "Deport",
        "Palmares",
    },  # what a palmarès publishes is told by palmares_lock.public_changed alone
    "wagtailcore": {"Collection", "Comment", "PageLogEntry", "Revision", "TaskState"},
}
"""Those of which the public sees nothing, or what is made from others."""
ELSEWHERE = {
    "fiches/models/bulk.py update": "the one way",
    "fiches/models/revisions.py _replace_revision": "comments and log entries",
    "fiches/candidatures/duplicates.py merge": "dossiers",
    "fiches/candidatures/dossier_state.py restore_dossier": "dossiers, and lines of their history",
    "fiches/moderation/fiche_state.py restore_page": "the dates of revisions; what the public sees goes by update()",
    "fiches/moderation/fiche_state.py cancel_schedule": "the dates of revisions; the fiche's own goes by update()",
    "fiches/admin/importation/import_tasks.py take_again": "imports",
    "fiches/mail/outbox.py set_aside": "mails",
    "fiches/mail/outbox.py resume": "mails",
    "fiches/candidatures/tokens.py revoke": "links of dossiers",
    "fiches/candidatures/moderation_signals.py update_due_dates": "dossiers",
    "fiches/mail/outbox.py _postpone": "mails",
    "fiches/mail/outbox.py stop": "mails",
    "fiches/mail/outbox.py send_after_all": "mails",
    "fiches/publications/ledger.py _withdraw": "the register itself",
    "fiches/publications/ledger.py _store": "the register itself",
    "fiches/diffusion/webhooks/change_detection.py _create_messages": "messages to partners",
    "fiches/upkeep/periodic.py _take": "leases of periodic work",
    "fiches/upkeep/retries.py begin": "mails and messages of webhooks",
    "fiches/admin/importation/import_tasks.py _claim": "imports",
    "fiches/admin/importation/import_tasks.py _forget_files": "imports",
    "fiches/admin/importation/import_tasks.py confirm": "imports and their lines",
    "fiches/admin/importation/import_tasks.py undo_importation": "imports",
    "fiches/palmares/jury_decision.py record_decision": "sealed until palmares_lock.public_changed tells of it",
    "fiches/upkeep/lost_tasks.py _put_back": "background tasks",
    "fiches/publications/version.py _move": "the version itself",
    "fiches/admin/dead_links.py check": "what is found of links, for the staff",
    "etapes/inscriptions/change_mails.py queue_change_mails": "registrations",
}
"""``file function``: what a call writes whose model its code doesn't name."""


def calls():
    """``(file, function, node, module)`` of each call with named values only: as a queryset takes them, and rarely a dict."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            name = file.relative_to(ROOT).as_posix()
            if "/migrations/" in name or "/data/" in name:
                continue
            tree = ast.parse(file.read_text())
            for function, node in _within(tree, "module"):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node):
                    yield name, function, node


def _within(node, function):
    for child in ast.iter_child_nodes(node):
        inner = child.name if isinstance(child, ast.FunctionDef) else function
        yield inner, child
        yield from _within(child, inner)


def _writes(node):
    if node.func.attr == "bulk_update":
        return True
    return node.func.attr == "update" and bool(node.keywords) and not node.args


def module_of(name):
    dotted = name.removeprefix("site/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return sys.modules.get(dotted) or importlib.import_module(dotted)


def model_of(node, module):
    """The model at the head of ``Model.objects.filter(…).update(…)``, or None."""
    head = node.func
    while isinstance(head, ast.Attribute | ast.Call):
        head = head.value if isinstance(head, ast.Attribute) else head.func
    found = getattr(module, head.id, None) if isinstance(head, ast.Name) else None
    return found if isinstance(found, type) and issubclass(found, Model) else None


def is_public(model):
    return issubclass(model, Page) or model.__name__ in PUBLIC.get(model._meta.app_label, ())


def is_tree_only(node):
    """How many pages stand below one is no content."""
    return [keyword.arg for keyword in node.keywords] == ["numchild"]


def is_dict(node):
    """``context.update(name=…)``, ``context["widget"].update(…)``."""
    return isinstance(node.func.value, ast.Subscript) or (
        isinstance(node.func.value, ast.Name) and node.func.value.id in {"accounts", "link", "unknown"}
    )


def test_every_update_of_what_the_public_sees_tells_of_it():
    wrong = []
    for name, function, node in calls():
        place = f"{name} {function}"
        if is_dict(node) or is_tree_only(node) or place in ELSEWHERE:
            continue
        model = model_of(node, module_of(name))
        if model is None:
            wrong.append(f"{place}, line {node.lineno}: which model is written?")
        elif is_public(model):
            wrong.append(f"{place}, line {node.lineno}: {model.__name__} is public: call fiches.models.bulk.update")
        elif model.__name__ not in UNSEEN.get(model._meta.app_label, ()):
            wrong.append(f"{place}, line {node.lineno}: does the public see {model.__name__}?")
    assert not wrong, "\n".join(wrong)


def test_every_name_of_this_list_is_still_there():
    places = {f"{name} {function}" for name, function, _node in calls()}
    assert sorted(ELSEWHERE.keys() - places) == []
    known = {(model._meta.app_label, model.__name__) for model in apps.get_models()}
    assert {(app, name) for names in (PUBLIC, UNSEEN) for app in names for name in names[app]} <= known


@pytest.mark.django_db
def test_what_is_updated_at_once_is_told_by_the_api(client, tree):
    fiches = [FichePageFactory(parent=tree.fiches, slug=f"fiche-{number}") for number in range(2)]
    etape = EtapePageFactory(parent=tree.etapes, slug="dole")
    told = [client.get(f"/api/v1/fiches/fiche-{number}").json()["organisation"] for number in range(2)]
    assert told == ["Agrodoubs"] * 2
    assert client.get("/api/v1/etapes/dole").json()["participants"] is None
    assert update(FichePage.objects.filter(pk__in=[page.pk for page in fiches]), organisation="Coopérative") == 2
    update(EtapePage.objects.filter(pk=etape.pk), participants=12)
    told = [client.get(f"/api/v1/fiches/fiche-{number}").json()["organisation"] for number in range(2)]
    assert told == ["Coopérative"] * 2
    assert [item["slug"] for item in client.get("/api/v1/fiches?q=cooperative&tri=titre").json()["items"]] == [
        page.slug for page in sorted(fiches, key=lambda page: page.title)
    ]
    assert client.get("/api/v1/etapes/dole").json()["participants"] == 12

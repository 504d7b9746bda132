"""Every bulk action of the admin, on one item: the only button of its confirmation screen, and what it changes when the form is sent
as it is shown."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail import hooks
from wagtail.documents.models import Document
from wagtail.models import Page

from fiches.candidatures.models import Appel, Dossier, Motif
from fiches.models import ModeleDeCourriel, RechercheVaine, Synonyme
from home.models import Reference
from tests.factories import (
    ContentPageFactory,
    DimensionFactory,
    EditionFactory,
    EtapePageFactory,
    FichePageFactory,
    IllustrationFactory,
    PartenaireFactory,
    UserFactory,
)
from tests.formulaires import filled_form
from tests.redaction.screens import DOSSIER, ETAPE, FICHE, FORM, PARTNER, bulk, message_texts
from tests.redaction.screens import admin as admin

pytestmark = [pytest.mark.django_db, pytest.mark.nightly]

PAGE, PICTURE, DOCUMENT, ACCOUNT = "wagtailcore/page", "home/illustration", "wagtaildocs/document", "auth/user"
DELETED, FILE = "deleted", "file"
REQUIRED = "Ce champ est obligatoire : remplissez-le."

OFFLINE = {"live", "has_unpublished_changes"}
ONLINE = {"live", "live_revision_id", "first_published_at", "last_published_at"}
REVISED = {"latest_revision_id", "latest_revision_created_at"}
PUBLISHED, UNPUBLISHED = "1 page a été publiée", "1 page a été dépubliée"
LOST = "1 page a été supprimée"
DELETE, MOVE, PUBLISH, UNPUBLISH = "Oui, supprimer", "Oui, déplacer ces pages", "Oui, publier", "Oui, dépublier"

EXPECTED = {
    (FICHE, "edition"): ("Donner l’année du rallye", {"edition"}, set()),
    (FICHE, "soumettre"): ("Soumettre", "1 fiche soumise.", {"in_review"}),
    (FICHE, "exporter"): ("Télécharger", FILE, set()),
    (FICHE, "delete"): (DELETE, LOST, DELETED),
    (FICHE, "move"): (MOVE, {"chooser"}, set()),
    (FICHE, "publish"): (PUBLISH, PUBLISHED, {*ONLINE, "has_unpublished_changes"}),
    (FICHE, "unpublish"): (UNPUBLISH, UNPUBLISHED, OFFLINE),
    (ETAPE, "edition"): ("Donner l’année du rallye", {"edition"}, set()),
    (ETAPE, "soumettre"): ("Soumettre", "1 étape soumise.", {*REVISED, "has_unpublished_changes", "in_review"}),
    (ETAPE, "exporter"): ("Télécharger", FILE, set()),
    (ETAPE, "delete"): (DELETE, LOST, DELETED),
    (ETAPE, "move"): (MOVE, {"chooser"}, set()),
    (ETAPE, "publish"): (PUBLISH, PUBLISHED, {*ONLINE, *REVISED}),
    (ETAPE, "unpublish"): (UNPUBLISH, UNPUBLISHED, OFFLINE),
    (PAGE, "delete"): (DELETE, LOST, DELETED),
    (PAGE, "move"): (MOVE, {"chooser"}, set()),
    (PAGE, "publish"): (PUBLISH, PUBLISHED, {*ONLINE, *REVISED}),
    (PAGE, "unpublish"): (UNPUBLISH, UNPUBLISHED, OFFLINE),
    (DOSSIER, "exporter"): ("Télécharger", FILE, set()),
    (PARTNER, "exporter"): ("Télécharger", FILE, set()),
    (PARTNER, "delete"): (DELETE, "Supprimé : « A » (Partenaire).", DELETED),
    (PICTURE, "add_tags"): ("Oui, ajouter", {"tags"}, set()),
    (PICTURE, "add_to_collection"): ("Oui, ajouter", {"collection"}, set()),
    (PICTURE, "delete"): (DELETE, "1 image a été supprimée", DELETED),
    (DOCUMENT, "add_tags"): ("Oui, ajouter", {"tags"}, set()),
    (DOCUMENT, "add_to_collection"): ("Oui, ajouter", {"collection"}, set()),
    (DOCUMENT, "delete"): (DELETE, "1 document a été supprimé", DELETED),
    (ACCOUNT, "assign_role"): ("Oui, assigner", {"role"}, set()),
    (ACCOUNT, "set_active_state"): ("Oui, changer le statut", {"mark_as_active"}, set()),
    (ACCOUNT, "delete"): (DELETE, "1 utilisateur a été supprimé", DELETED),
    ("rallynov_candidatures/appel", "delete"): (DELETE, "Supprimé : « A » (Appel).", DELETED),
    ("rallynov_candidatures/motif", "delete"): (DELETE, "Supprimé : « A » (Motif).", DELETED),
    ("rallynov_fiches/dimension", "delete"): (DELETE, "Supprimé : « A » (Dimension de la grille).", DELETED),
    ("rallynov_fiches/edition", "delete"): (DELETE, "Supprimé : « 1999 » (Édition).", DELETED),
    ("rallynov_fiches/synonyme", "delete"): (DELETE, "Supprimé : « A » (Groupe de synonymes).", DELETED),
    ("rallynov_fiches/recherchevaine", "delete"): (DELETE, "Supprimé : « A » (Recherche sans résultat).", DELETED),
    ("rallynov_fiches/modeledecourriel", "delete"): (
        DELETE,
        "Supprimé : « Accusé de réception » (Texte de courriel).",
        DELETED,
    ),
    ("home/reference", "delete"): (DELETE, "Supprimé : « A » (Référence).", DELETED),
}


def make_item(tree, model, action):
    """An item that the action can change."""
    draft = {"live": action not in {"publish", "soumettre"}, "title": "A"}
    now, today = timezone.now(), timezone.localdate()
    makers = {
        FICHE: lambda: FichePageFactory(
            parent=tree.fiches, complete=True, partenaire=PartenaireFactory(), edition=EditionFactory(), **draft
        ),
        ETAPE: lambda: EtapePageFactory(parent=tree.etapes, edition=EditionFactory(), **draft),
        PAGE: lambda: ContentPageFactory(parent=tree.home, **draft),
        DOSSIER: lambda: Dossier.objects.create(
            courriel="a@x.test", numero="D1", soumis=now, responsable=UserFactory(role="admin")
        ),
        PARTNER: lambda: PartenaireFactory(nom="A", roles=["cadre"]),
        PICTURE: IllustrationFactory,
        DOCUMENT: lambda: Document.objects.create(title="A", file=ContentFile(b"a", name="a.txt")),
        ACCOUNT: lambda: UserFactory(role="redaction"),
        "rallynov_candidatures/appel": lambda: Appel.objects.create(nom="A", ouverture=now, cloture=now),
        "rallynov_candidatures/motif": lambda: Motif.objects.create(intitule="A"),
        "rallynov_fiches/dimension": lambda: DimensionFactory(nom="A"),
        "rallynov_fiches/edition": lambda: EditionFactory(annee=1999),
        "rallynov_fiches/synonyme": lambda: Synonyme.objects.create(termes="A"),
        "rallynov_fiches/recherchevaine": lambda: RechercheVaine.objects.create(jour=today, mots="A"),
        "rallynov_fiches/modeledecourriel": lambda: ModeleDeCourriel.objects.create(cle="accuse", objet="A", texte="A"),
        "home/reference": lambda: Reference.objects.create(titre="A"),
    }
    return makers[model]()


def row(item):
    """The columns of the item, and whether it is in the review; None once it is deleted."""
    columns = type(item).objects.filter(pk=item.pk).values().first()
    if columns and isinstance(item, Page):
        columns["in_review"] = type(item).objects.get(pk=item.pk).workflow_in_progress
    return columns


def test_no_bulk_action_is_forgotten_here():
    registered = hooks.get_hooks("register_bulk_action")
    keys = {
        (model._meta.label_lower.replace(".", "/"), each.action_type) for each in registered for model in each.models
    }
    assert keys == set(EXPECTED)


@pytest.mark.parametrize(("model", "action"), EXPECTED)
def test_the_only_button_of_a_bulk_action_says_what_it_does_and_changes_what_was_chosen_only(
    client, tree, admin, model, action
):
    button, outcome, expected = EXPECTED[model, action]
    item = make_item(tree, model, action)
    before = row(item)
    address = bulk(model, action, [item])
    screen = client.get(address)
    [form] = BeautifulSoup(screen.content, "html.parser").select(FORM)
    buttons = form.select("button:not([type=button]):not([type=reset]), input[type=submit]")
    assert [" ".join((each.get_text() or each.get("value", "")).split()) for each in buttons] == [button]
    answer = client.post(address, filled_form(screen, FORM), follow=True)
    if outcome == FILE:
        assert (answer.streaming, answer["Content-Disposition"].startswith("attachment")) == (True, True)
    elif isinstance(outcome, set):
        errors = {name: " ".join(" ".join(texts).split()) for name, texts in answer.context["form"].errors.items()}
        assert errors == dict.fromkeys(outcome, REQUIRED)
    else:
        assert message_texts(answer) == [outcome]
    after = row(item)
    assert (DELETED if after is None else {name for name in before if before[name] != after[name]}) == expected

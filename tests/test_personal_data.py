"""The registry of personal data: every text column of every installed app is in it."""

from django.apps import apps
from django.db import models
from wagtail.fields import StreamField

from fiches.upkeep.personal_data.erasure import erase
from fiches.upkeep.personal_data.registry import COLUMNS
from fiches.upkeep.personal_data.search import find_person
from tests.factories import FichePageFactory

TEXTS = (
    models.BinaryField,
    models.CharField,
    models.FileField,
    models.GenericIPAddressField,
    models.JSONField,
    models.TextField,
    StreamField,
)


def text_columns():
    """``app.Model.column`` of each column that can hold words, but those that hold one of a few choices."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                if isinstance(field, TEXTS) and not field.choices:
                    yield f"{model._meta.label}.{field.name}"


def declared():
    return [f"{model._meta.label}.{name}" for model, columns in COLUMNS.items() for name in columns.declared]


def test_every_text_column_is_said_to_be_personal_or_not():
    missing = sorted(set(text_columns()) - set(declared()))
    assert not missing, "À déclarer dans le module personal_data de l’application :\n" + "\n".join(missing)


def test_every_declaration_is_of_one_column_that_is_there():
    assert sorted(set(declared()) - set(text_columns())) == []
    assert len(declared()) == len(set(declared()))


def test_a_contact_that_was_erased_leaves_no_agreement_to_who_comes_after(tree):
    shown = {"contact_nom_public": True, "contact_courriel_public": True}
    fiche = FichePageFactory(
        parent=tree.fiches, contact_nom="Jeanne Marmier", contact_courriel="jeanne@x.test", **shown
    )
    erase(find_person("jeanne@x.test"))
    fiche.refresh_from_db()
    contact = (fiche.contact_nom, fiche.contact_nom_public, fiche.contact_courriel, fiche.contact_courriel_public)
    assert contact == ("", False, "", False)

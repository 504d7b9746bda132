"""The columns of a table for the fields that a host adds: each value is written and read back by its field, or refused in words."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import override

from fiches.admin.importation.columns import own_column

STATES = [("pilote", "Projet pilote"), ("installe", "Installé")]
FIELDS = {
    "nombre": models.IntegerField(null=True, blank=True),
    "part": models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True),
    "mesure": models.FloatField(null=True, blank=True),
    "jour": models.DateField(null=True, blank=True),
    "site": models.URLField(blank=True),
    "état": models.CharField(max_length=20, choices=STATES, blank=True),
    "niveau": models.IntegerField(choices=[(1, "Un peu"), (2, "Beaucoup")], default=1),
    "ouvert": models.BooleanField(null=True, blank=True),
    "membre": models.BooleanField(default=False),
    "devise": models.CharField(max_length=9, blank=True, validators=[MinLengthValidator(2)]),
}


def column(kind):
    field = FIELDS[kind]
    field.set_attributes_from_name("valeur")
    return own_column(field, "valeur")


def written(kind, value):
    class Fiche:
        valeur = value

    return column(kind).write(Fiche(), "valeur")


@pytest.mark.parametrize(
    ("kind", "text", "value", "back"),
    [
        ("nombre", "12\u202f500", 12500, "12500"),
        ("nombre", "", None, ""),
        ("part", "12,5", Decimal("12.5"), "12.5"),
        ("mesure", "1 200,25", 1200.25, "1200.25"),
        ("jour", "08/04/2013", date(2013, 4, 8), "2013-04-08"),
        ("jour", "2013-04-08", date(2013, 4, 8), "2013-04-08"),
        ("site", "www.exemple.fr", "https://www.exemple.fr", "https://www.exemple.fr"),
        ("état", "projet PILOTE", "pilote", "Projet pilote"),
        ("état", "installe", "installe", "Installé"),
        ("état", "", "", ""),
        ("niveau", "2", 2, "Beaucoup"),
        ("niveau", "beaucoup", 2, "Beaucoup"),
        ("niveau", "", 1, "Un peu"),
        ("ouvert", "non", False, "non"),
        ("ouvert", "", None, ""),
        ("membre", "x", True, "oui"),
        ("membre", "", False, "non"),
        ("devise", "Du pain", "Du pain", "Du pain"),
    ],
)
def test_a_cell_is_read_by_its_field_and_written_as_it_is_read(kind, text, value, back):
    with override("fr"):
        assert column(kind).read(text, "valeur", None) == value
        assert written(kind, value) == back
        assert column(kind).read(back, "valeur", None) == value


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("nombre", "12,000", "La valeur « 12,000 » doit être un nombre entier."),
        ("nombre", "12.000", "La valeur « 12.000 » doit être un nombre entier."),
        ("part", "12,555", "Assurez-vous qu’il n’y a pas plus de 2 chiffres après la virgule."),
        ("mesure", "nan", "Écrivez un nombre. Exemple : 12."),
        ("jour", "31/02/2013", "Cette date est incorrecte. Exemple : 25/11/2026."),
        ("site", "pas un site", "Cette adresse web est incorrecte. Exemple : https://www.exemple.fr"),
        ("état", "fini", "« fini » est incorrect. Écrivez un de ces mots : Projet pilote, Installé."),
        ("ouvert", "peut-être", "« peut-être » est incorrect. Écrivez « oui » ou laissez vide."),
        (
            "devise",
            "Du pain pour tous",
            "Ce texte est trop long : 17 caractères. Le maximum est 9 caractères.",
        ),
        ("devise", "D", "Assurez-vous que cette valeur comporte au moins 2 caractères (actuellement 1)."),
    ],
)
def test_a_cell_that_its_field_refuses_is_told_why(kind, text, message):
    with override("fr"), pytest.raises(ValidationError) as refusal:
        column(kind).read(text, "valeur", None)
    assert [said.replace("\u00a0", " ").replace("\u202f", " ") for said in refusal.value.messages] == [message]


def test_a_field_that_may_not_be_blank_needs_its_column():
    field = models.IntegerField()
    field.set_attributes_from_name("valeur")
    assert own_column(field, "valeur").is_required
    assert not column("niveau").is_required

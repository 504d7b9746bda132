"""Rows written in bulk are those that were told."""

import datetime
import json
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy
from wagtail.blocks.stream_block import StreamValue

from bench.rows import _prepared, write_rows
from fiches.models import FichePage, Publication, TexteDeDocument
from fiches.models.enums import Sphere

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)


def texts():
    return list(TexteDeDocument.objects.order_by("document").values_list("document", "empreinte", "texte"))


def test_columns_that_rows_do_not_name_are_the_examples():
    write_rows(TexteDeDocument(texte="Le bail"), [{"document": 1, "empreinte": "a"}, {"document": 2, "empreinte": "b"}])
    assert texts() == [(1, "a", "Le bail"), (2, "b", "Le bail")]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("title", ["a", "", "É", "a"]),
        ("sphere", [Sphere.ESS, Sphere.CLASSIQUE, Sphere.ESS]),
        ("text", [gettext_lazy("figure"), None, 3, "a"]),
        ("latitude", [1, 1.5, 1, None]),
        ("expires_at", [NOON, NOON.astimezone(ZoneInfo("Europe/Paris")), None]),
        ("sequence", [2024, "2024", 2025]),
        ("object_id", [7, 8, 7]),
    ],
)
def test_each_value_is_written_as_django_would(name, values):
    field = Publication._meta.get_field(name)
    prepared = [field.get_db_prep_save(value, connection) for value in values]
    assert [(type(value), value) for value in _prepared(field, values, connection)] == [
        (type(value), value) for value in prepared
    ]


def test_a_body_is_written_as_django_would():
    field = FichePage._meta.get_field("corps")
    raw = [{"type": "texte", "value": "<p>Oui</p>", "id": "1"}]
    bodies = [StreamValue(field.stream_block, part, is_lazy=True) for part in (raw, [])]
    prepared = _prepared(field, bodies, connection)  # PostgreSQL's driver is given the value itself
    assert [one.obj if hasattr(one, "obj") else json.loads(one) for one in prepared] == [raw, []]


def test_nothing_to_write_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        write_rows(TexteDeDocument(), [])

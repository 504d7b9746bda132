"""Rows written in bulk are those that were told, and one that is there is replaced or kept as asked."""

import datetime

import pytest

from fiches.diffusion.models import Parution, Trace
from fiches.ecriture import write_rows

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)


def traces():
    return list(
        Trace.objects.order_by("page").values_list("page", "nature", "slug", "donnees", "retiree", "modifie_le")
    )


def test_columns_that_rows_do_not_name_are_the_examples():
    write_rows(Trace(nature="fiche", modifie_le=NOON), [{"page": 1, "slug": "un"}, {"page": 2, "slug": "deux"}])
    assert traces() == [(1, "fiche", "un", None, False, NOON), (2, "fiche", "deux", None, False, NOON)]


def test_a_row_that_is_there_is_replaced_whole():
    Trace.objects.create(page=1, nature="fiche", slug="un", donnees="{}", retiree=True, modifie_le=NOON)
    later = NOON + datetime.timedelta(hours=1)
    write_rows(Trace(nature="fiche", modifie_le=later), [{"page": 1, "slug": "uno"}], replacing="page")
    assert traces() == [(1, "fiche", "uno", None, False, later)]


def test_a_row_that_is_there_is_kept_when_asked():
    Parution.objects.create(fiche=1, le=NOON)
    write_rows(Parution(), [{"fiche": 1}, {"fiche": 2}], keeping="fiche")
    assert [(pk, le == NOON) for pk, le in Parution.objects.order_by("pk").values_list("pk", "le")] == [
        (1, True),
        (2, False),
    ]


def test_nothing_to_write_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        write_rows(Parution(), [])

"""Lists taken out whole, with more rows than a database takes in one condition: nothing is lost, and memory doesn't grow."""

import csv
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from bench.copies import copy_fiches
from fiches.admin.importation import fiche_export
from fiches.candidatures.models import Dossier
from fiches.models import FicheIndexPage, FichePage, Partenaire
from tests.conftest import module_transaction
from tests.factories import EtapePageFactory, FichePageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.nightly]
MANY = 1_200


def first_column(response):
    """What stands in the first cell of each row, the headings apart."""
    data = response.getvalue()
    if data.startswith(b"PK"):
        return [row[0] for row in load_workbook(io.BytesIO(data), read_only=True).active.iter_rows(2, values_only=True)]
    text = data.decode("utf-8-sig")
    return [row[0] for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")][
        1:
    ]


@pytest.fixture(scope="module")
def many_fiches(module_tree, django_db_blocker):
    with module_transaction(django_db_blocker):
        original = FichePageFactory(parent=FicheIndexPage.objects.get())
        copy_fiches([original], MANY - 1)
        yield list(FichePage.objects.order_by("pk").values_list("title", flat=True))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_all_the_fiches_leave(client, redaction, many_fiches, kind):
    response = client.get(f"/admin/fiches/?export={kind}")
    assert response.streaming
    assert first_column(response) == many_fiches
    assert len(first_column(client.get(f"/admin/fiches/?export={kind}&q=zzz"))) == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_all_the_partners_leave(client, redaction, kind):
    names = [f"Réseau {number:04}" for number in range(MANY)]
    Partenaire.objects.bulk_create(Partenaire(nom=name, slug=f"x-{name[-4:]}") for name in names)
    assert sorted(first_column(client.get(f"/admin/snippets/rallynov_fiches/partenaire/?export={kind}"))) == names


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_all_the_dossiers_leave(client, redaction, kind):
    Dossier.objects.bulk_create(
        Dossier(numero=f"D{number:04}", courriel="a@x.test", soumis=timezone.now()) for number in range(MANY)
    )
    numbers = [f"D{number:04}" for number in range(MANY)]
    assert sorted(first_column(client.get(f"/admin/candidatures/dossiers/?export={kind}"))) == numbers


def test_etapes_read_some_at_a_time_stay_in_the_order_of_the_road(client, redaction, tree, monkeypatch):
    monkeypatch.setattr(fiche_export, "A_TIME", 2)
    for number in (3, 1, 5, 2, 4):
        EtapePageFactory(parent=tree.etapes, numero=number)
    assert first_column(client.get("/admin/etapes/?export=csv")) == ["1", "2", "3", "4", "5"]

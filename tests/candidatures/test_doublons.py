"""Duplicate dossiers are listed on each other's screen; nothing merges them."""

import pytest

from fiches.candidatures.models import Dossier
from tests.candidatures.conftest import text
from tests.candidatures.screens import second_dossier


@pytest.mark.parametrize(
    "values", [{"organisation": "GAEC du Lait"}, {"organisation": "Fruitiere des TILLEULS", "siret": ""}]
)
def test_the_same_siret_or_name_is_a_duplicate_that_the_staff_read_and_refuse(sent, staff, values):
    _link, other = second_dossier(sent.visitor, **values)
    screen, address = f"/admin/candidatures/dossiers/{sent.dossier.pk}/", f"/admin/candidatures/dossiers/{other.pk}/"
    assert address in staff.get(screen).content.decode()
    staff.post(f"{address}refuser/", {"refus-raison": f"Déjà reçu : {sent.dossier.numero}."})
    assert address not in staff.get(screen).content.decode()


def test_a_dossier_that_its_company_did_not_send_is_named_to_nobody(sent, staff):
    _link, other = second_dossier(sent.visitor, organisation="GAEC du Lait")
    assert "GAEC du Lait" in text(staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/"))
    Dossier.objects.filter(pk=other.pk).update(soumis=None)
    assert "GAEC du Lait" not in text(staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/"))

"""Duplicate dossiers are listed beside each other; nothing merges them."""

from fiches.candidatures.duplicates import probable_duplicates
from fiches.candidatures.models import Dossier
from tests.candidatures.conftest import text
from tests.candidatures.screens import second_dossier


def test_the_same_siret_is_a_duplicate_that_the_staff_read_and_refuse(sent, staff):
    _link, other = second_dossier(sent.visitor, organisation="GAEC du Lait")
    assert [(d.dossier, d.raison) for d in probable_duplicates(sent.dossier)] == [(other, "même SIRET")]
    address = f"/admin/candidatures/dossiers/{other.pk}/"
    assert address in staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/").content.decode()
    staff.post(f"{address}refuser/", {"refus-raison": f"Déjà reçu : {sent.dossier.numero}."})
    assert probable_duplicates(sent.dossier) == []


def test_similar_names_are_duplicates_more_loosely_within_one_commune(sent):
    _link, other = second_dossier(sent.visitor, organisation="Fruitiere des Tilleul", siret="")
    assert [d.raison for d in probable_duplicates(sent.dossier)] == ["même commune, nom proche"]
    Dossier.objects.filter(pk=other.pk).update(code_insee="39001")
    assert [d.raison for d in probable_duplicates(sent.dossier)] == ["nom proche"]
    Dossier.objects.filter(pk=other.pk).update(organisation="Garage Martin")
    assert probable_duplicates(sent.dossier) == []


def test_a_dossier_that_its_company_did_not_send_is_named_to_nobody(sent, staff):
    _link, other = second_dossier(sent.visitor, organisation="Fruitiere des Tilleul")
    assert "Fruitiere des Tilleul" in text(staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/"))
    Dossier.objects.filter(pk=other.pk).update(soumis=None)
    assert "Fruitiere des Tilleul" not in text(staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/"))

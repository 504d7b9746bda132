"""What `register_block` refuses, and the schema that a host declares. What it shows is in `test_hote`."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from ninja import Schema
from wagtail import blocks

from fiches.models import FichePage
from fiches.models.registered_blocks import RegisteredBlock, register_block, registered_blocks


class Lieu(Schema):
    nom: str


class Visite(Schema):
    lieu: Lieu


def test_a_block_with_the_name_of_one_of_ours_is_refused():
    body = FichePage._meta.get_field("corps").stream_block
    known = body.child_blocks["citation"]
    with pytest.raises(
        ImproperlyConfigured, match="There is a block “citation” already: choose another name for yours."
    ):
        register_block("citation", blocks.CharBlock())
    assert body.child_blocks["citation"] is known
    assert "citation" not in registered_blocks()


def test_a_child_block_with_the_name_of_a_key_of_the_api_is_refused():
    with pytest.raises(ImproperlyConfigured, match="In the block “essai”, choose another name for “html”"):
        register_block("essai", blocks.StructBlock([("html", blocks.CharBlock())]))
    assert "essai" not in registered_blocks()


@pytest.mark.django_db
def test_the_schema_that_a_host_declares_is_in_the_description_of_the_api(client, monkeypatch):
    monkeypatch.setitem(registered_blocks(), "visite", RegisteredBlock("visite", blocks.CharBlock(), Visite))
    monkeypatch.setitem(registered_blocks(), "note", RegisteredBlock("note", blocks.CharBlock(), None))
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert schemas["BlocVisite"]["properties"]["lieu"] == {"$ref": "#/components/schemas/BlocVisiteLieu"}
    assert schemas["BlocVisite"]["required"] == ["type", "lieu", "html"]
    assert schemas["BlocVisiteLieu"]["properties"]["nom"]["type"] == "string"
    assert schemas["BlocNote"]["properties"]["valeur"] == {"type": "string"}
    for resource, key in (("Fiche", "corps"), ("Carnet", "corps"), ("Etape", "compte_rendu"), ("Page", "corps")):
        mapping = schemas[resource]["properties"][key]["items"]["discriminator"]["mapping"]
        assert mapping["visite"] == "#/components/schemas/BlocVisite"

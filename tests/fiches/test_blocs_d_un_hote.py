"""What `register_block` refuses, and what the API's description says of the block. What it shows is in `test_hote`."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from jsonschema import Draft202012Validator
from wagtail import blocks

from fiches.models import FichePage
from fiches.models.registered_blocks import register_block, registered_blocks


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
def test_a_text_may_hold_the_block_in_the_description_of_the_api(client, monkeypatch):
    monkeypatch.setitem(registered_blocks(), "visite", blocks.CharBlock())
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    for resource, key in (("Fiche", "corps"), ("Carnet", "corps"), ("Etape", "compte_rendu"), ("Page", "corps")):
        items = schemas[resource]["properties"][key]["items"]
        assert Draft202012Validator({**items, "components": {"schemas": schemas}}).is_valid(
            {"type": "visite", "valeur": "Dole", "html": "<p>Dole</p>"}
        )

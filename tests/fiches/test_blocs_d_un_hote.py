"""What the API's description says of a host's block. What it shows is in `test_hote`."""

import pytest
from jsonschema import Draft202012Validator
from wagtail import blocks

from fiches.models.fields import REGISTERED_BLOCKS


@pytest.mark.django_db
def test_a_text_may_hold_the_block_in_the_description_of_the_api(client, monkeypatch):
    monkeypatch.setitem(REGISTERED_BLOCKS, "visite", blocks.CharBlock())
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    for resource, key in (("Fiche", "corps"), ("Carnet", "corps"), ("Etape", "compte_rendu"), ("Page", "corps")):
        items = schemas[resource]["properties"][key]["items"]
        assert Draft202012Validator({**items, "components": {"schemas": schemas}}).is_valid(
            {"type": "visite", "valeur": "Dole", "html": "<p>Dole</p>"}
        )

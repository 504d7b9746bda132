"""Each example that the API's description gives of a parameter is accepted by a site, as who tries it in a generated client finds."""

import pytest

pytestmark = [pytest.mark.nightly, pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def declared(operation):
    """``{parameter: example or default}`` of the query of an operation."""
    values = {}
    for known in operation.get("parameters", []):
        value = known.get("example", known["schema"].get("default"))
        if known["in"] == "query" and value is not None:
            values[known["name"]] = value
    return values


def test_every_declared_example_is_accepted(client, settings):
    settings.RALLYNOV_API_QUOTA = 0
    document = client.get("/api/v1/openapi.json").json()
    refused, tried = {}, 0
    for path, operations in document["paths"].items():
        if "{slug}" in path:
            (first, *_others) = client.get(path.partition("/{slug}")[0]).json()["items"]
            path = path.replace("{slug}", first["slug"])
        examples = declared(operations["get"])
        around = {"autour": examples.get("autour")}
        for name, value in examples.items():
            answer = client.get(path, {name: value} | (around if name == "rayon" else {}))
            tried += 1
            if answer.status_code != 200:
                refused[f"{path}?{name}={value}"] = answer.status_code
    assert (refused, tried > 60) == ({}, True)

"""What is written through Wagtail's API v3, drawn at random and made up to harm, by each role's token: never an error of
ours, never something online that its author may not publish."""

import functools
import json
import os
from collections import Counter

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from wagtail.api.v3.urls import api as api_v3
from wagtail.models import APIToken

from fiches.models import api_fields
from tests.diffusion.test_fuzz import operations
from tests.factories import UserFactory

WRITERS = ["anonyme", "redaction", "admin"]
"""Nobody, who writes drafts, who may do all: the others' rights are in the access table."""
ROUND = settings(
    max_examples=int(os.environ.get("RALLYNOV_EXEMPLES", 2)),
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
HOSTILE = [
    None,
    "",
    "\x00",
    "\ud800",
    "a" * 70_000,
    "<script>alert(1)</script>",
    10**30,
    -1,
    1e308,
    True,
    [],
    {},
    [[[[]]]],
    {"id": 10**30},
    [{"type": "inconnu", "value": {}}],
    [{"type": "texte", "value": None}],
    [{"type": "image", "value": 10**12}],
    [{"type": "mise_en_oeuvre", "value": {"etapes": [{"quand": []}]}}],
    "SRID=4326;POINT(999 999)",
    "2026-13-45",
]


@functools.cache
def api_description():
    """API v3's description, with its lazy words as text."""
    return json.loads(json.dumps(api_v3.get_openapi_schema(path_prefix="/api/v3/"), default=str))


@functools.cache
def write_operations():
    """The operations of API v3 that write, without snippets, whose address names a model that the schema doesn't list."""
    return [each for each in operations(api_description()) if each.method != "get" and "/snippets/" not in each.path]


@pytest.fixture(params=WRITERS)
def send(request, tree, epicerie):
    """Sends as one of the roles, undone afterwards: ``send(method, address, body) -> response``."""
    headers = {}
    if request.param != "anonyme":
        _token, key = APIToken.create_token(user=UserFactory(role=request.param), name="essai")
        headers["authorization"] = f"Bearer {key}"
    client = Client(raise_request_exception=False, headers=headers)

    def send(method, address, body=None, kind="application/json"):
        with transaction.atomic():
            response = client.generic(method.upper(), address, data=body or b"", content_type=kind)
            transaction.set_rollback(True)
        return response

    send.role = request.param
    return send


@functools.cache
def generated_bodies(operation):
    bodies = []

    @ROUND
    @given(operation.as_strategy())
    def draw(case):
        bodies.append(case.body)

    draw()
    return bodies


def to_json(body):
    return json.dumps(body, default=lambda value: None)


def test_no_writing_fails(send, tree, epicerie):
    failed = []
    keys = [epicerie.pk, tree.fiches.pk, 0, 10**30, "x"]
    seen = Counter()
    for operation in write_operations():
        bodies = generated_bodies(operation)
        for number, key in enumerate(keys if "{" in operation.path else keys[:1]):
            path = operation.path
            while "{" in path:
                path = f"{path.partition('{')[0]}{key}{path.partition('}')[2]}"
            for body in bodies if number == 0 else bodies[:1]:
                response = send(operation.method, path, to_json(body) if isinstance(body, (dict, list)) else b"")
                seen[response.status_code] += 1
                if response.status_code >= 500:
                    failed.append((operation.method, path, body, response.content[:60]))
    assert not failed, [(found[0], found[1][:70], str(found[2])[:90]) for found in failed]
    if send.role == "anonyme":
        assert seen[401] > 20
        assert min(seen) >= 400
    else:
        assert seen[403] + seen[200] + seen[422] > 20


def fiche(parent, **given):
    return {
        "meta": {"type": "rallynov_fiches.FichePage", "parent_id": parent.pk},
        "title": "Par jeton",
        "slug": "par-jeton",
        "organisation": "Une coopérative",
        "sans_localisation": True,
    } | given


def test_no_value_of_a_fiche_fails_nor_is_online_by_who_may_not_publish(send, tree, epicerie):
    failed = []
    names = ["meta", "title", "slug", *(field.name for field in api_fields.FICHE)]
    seen = Counter()
    first = STEP // 2 * WRITERS.index(send.role)
    for number, name in enumerate(names):
        for value in HOSTILE if name == "corps" else HOSTILE[(first + number) % STEP :: STEP]:
            for method, address in (("post", "/api/v3/pages/"), ("patch", f"/api/v3/pages/{epicerie.pk}/")):
                response = send(method, address, to_json(fiche(tree.fiches) | {name: value}))
                seen[response.status_code] += 1
                if response.status_code >= 500:
                    failed.append((method, name, str(value)[:80]))
    assert not failed
    allowed = {400, 401} if send.role == "anonyme" else {200, 201, 400, 403, 404, 422}
    assert seen.keys() <= allowed


STEP = 20
"""Each field is sent one of the values by each role, not the same one; the text is sent all of them. By hand, 1 (1,240
requests by a role, two minutes)."""

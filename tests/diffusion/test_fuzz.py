"""What the description allows and what it doesn't, drawn at random (schemathesis): an answer as described or a reason, never an error of ours, never something private."""

import functools
import json
import os
from collections import Counter
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from wagtail.models import PageViewRestriction

from fiches.diffusion.api.documentation import schema
from fiches.diffusion.api.urls import api as partner_api
from fiches.models import FichePage
from tests.diffusion.conftest import check
from tests.factories import FichePageFactory

pytestmark = pytest.mark.nightly

PRIVATE = ("QZX", "QZY", "contact_courriel", "contact_telephone")
ROUND = settings(
    max_examples=int(os.environ.get("RALLYNOV_EXEMPLES", 2)),
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""Few at each address: there are many addresses. `make nightly` draws more."""


def operations(document):
    import schemathesis  # two seconds, which a process that only collects the tests does not spend

    return [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]


@functools.cache
def of_partners():
    return operations(schema(partner_api))


@pytest.fixture
def hidden_pages(tree, epicerie):
    """What nobody may see through these addresses, marked, beside what everyone may."""
    FichePageFactory(parent=tree.fiches, title="Brouillon QZX", live=False)
    private = FichePageFactory(parent=tree.fiches, title="Privée QZX")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    FichePage.objects.get(pk=epicerie.pk).unpublish()
    epicerie.refresh_from_db()
    epicerie.save_revision().publish()


@pytest.fixture
def ask(hidden_pages, settings):
    """Asks without a limit; sees an error as the outside would."""
    settings.RALLYNOV_API_QUOTA = 0
    client = Client(raise_request_exception=False)

    def get(case):
        path = case.path.format(**{name: quote(str(value), safe="") for name, value in case.path_parameters.items()})
        return client.get(f"{path}?{urlencode(list(pairs(case.query)), errors='surrogatepass')}")

    return get


def pairs(query):
    for name, value in (query or {}).items():
        for one in value if isinstance(value, list) else [value]:
            yield name, one if isinstance(one, str) else json.dumps(one)


@functools.cache
def generated_cases(operation, mode="positive"):
    """Cases of an operation, the same at each run and for each caller."""
    from schemathesis import GenerationMode

    cases = []

    @ROUND
    @given(operation.as_strategy(generation_mode=GenerationMode(mode)))
    def draw(case):
        cases.append(case)

    draw()
    assert cases
    return cases


def asked_of_partner_api():
    for operation in of_partners():
        yield from generated_cases(operation)
        if operation.query:
            yield from generated_cases(operation, "negative")


def test_the_partner_api_answers_as_described_whatever_is_asked(ask, openapi):
    seen = Counter()
    for case in asked_of_partner_api():
        response = ask(case)
        text, asked = response.content.decode(), (case.path, case.path_parameters, case.query)
        assert response.status_code in (200, 400, 404), (asked, response.status_code)
        assert not [marker for marker in PRIVATE if marker in text], asked
        if response.status_code == 200:
            check(openapi, case.path.removeprefix("/api/v1/"), json.loads(text))
        else:
            assert response["Content-Type"] == "application/problem+json", asked
        seen[response.status_code] += 1
    assert min(seen[200], seen[400], seen[404]) > 5, seen

"""The pages that account for the site: plain words for everyone, and the evidence in a technical annex."""

import re

import pytest
from bs4 import BeautifulSoup

from home.models import AccessibilitePage, ConfidentialitePage, EcoconceptionPage

TECHNICAL = re.compile(
    r"tests/|test_\w|\.(?:py|csv|html|css|mjs)\b|argon2|haché|aria-|make check|TLS|axe-core|Playwright|Nu Html"
)
"""Names of files, of tests, of algorithms and of markup."""


@pytest.fixture
def words(tree, client):
    """The main part of one of these pages, by its address."""
    for kind, slug in (
        (AccessibilitePage, "accessibilite"),
        (EcoconceptionPage, "eco-conception"),
        (ConfidentialitePage, "confidentialite"),
    ):
        tree.home.add_child(instance=kind(title=slug, slug=slug))

    def read(address):
        page = client.get(address)
        assert page.status_code == 200
        return page.content.decode().partition("<main")[2].partition("</main>")[0]

    return read


@pytest.mark.parametrize("slug", ["accessibilite", "eco-conception", "confidentialite"])
def test_a_page_for_citizens_names_no_file_no_test_and_no_algorithm(words, slug):
    assert TECHNICAL.findall(BeautifulSoup(words(f"/{slug}/"), "html.parser").get_text()) == []


@pytest.mark.parametrize(("slug", "criteria"), [("accessibilite", 106), ("eco-conception", 78)])
def test_the_evidence_of_each_criterion_stands_in_the_technical_annex(words, slug, criteria):
    assert f'href="/{slug}/annexe-technique/"' in words(f"/{slug}/")
    annex = words(f"/{slug}/annexe-technique/")
    assert "tests/browser/" in annex
    assert ("axe-core" in annex) is (slug == "accessibilite")
    assert annex.count('<th scope="row">') == criteria
    assert f'href="/{slug}/"' in annex

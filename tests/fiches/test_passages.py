"""A passage in another language than its page's, from the editor to all that leaves the site."""

from html import unescape

import pytest
from bs4 import BeautifulSoup
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from fiches.models.blocks import RICH_TEXT_FEATURES
from tests.factories import FichePageFactory

pytestmark = pytest.mark.django_db

SAID = '<p>Son nom : <span lang="de">Guten Tag</span>.</p>'


def edited_html(html):
    """What the editor makes of it, without the keys that it gives."""
    converter = ContentstateConverter(RICH_TEXT_FEATURES)
    soup = BeautifulSoup(converter.to_database_format(converter.from_database_format(html)), "html.parser")
    del soup.p["data-block-key"]
    return str(soup)


@pytest.mark.parametrize("code", ["fr", "en", "de", "it", "es"])
def test_the_editor_keeps_the_language_of_a_passage(code):
    html = f'<p>Il dit <span lang="{code}">Tag</span>.</p>'
    assert edited_html(html) == html


@pytest.mark.parametrize("span", ["<span>", '<span lang="klingon">', '<span class="grand">'])
def test_nothing_else_comes_in_as_a_passage(span):
    assert edited_html(f"<p>Il dit {span}Tag</span>.</p>") == "<p>Il dit Tag.</p>"


def test_the_page_the_api_and_the_feed_say_its_language(client, tree):
    fiche = FichePageFactory(parent=tree.fiches, complete=True, corps=[{"type": "texte", "value": SAID}])
    passage = '<span lang="de">Guten Tag</span>'
    assert passage in client.get(fiche.url).content.decode()
    payload = client.get(f"/api/v1/fiches/{fiche.slug}").json()
    assert passage in payload["texte_html"]
    assert "Son nom : Guten Tag." in payload["texte"]
    assert passage in unescape(client.get("/fiches/flux.atom").text)

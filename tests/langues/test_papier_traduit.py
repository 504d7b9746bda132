"""The sheet and the card of a translated fiche are in its language."""

import io

import pytest
from pypdf import PdfReader

from tests.factories import CritereFactory, DimensionFactory

pytestmark = pytest.mark.nightly


def words(document):
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


@pytest.mark.parametrize(
    ("start", "code", "told"),
    [("", "fr", "Place dans la grille"), ("/en", "en", "Criteria"), ("/de", "de", "Merkmale")],
)
def test_paper_is_in_the_language_of_its_fiches(client, translations, start, code, told):
    CritereFactory(dimension=DimensionFactory())
    document = PdfReader(io.BytesIO(client.get(f"{start}/fiches/la-recette/fiche.pdf").content))
    assert document.trailer["/Root"]["/Lang"] == code
    assert told.lower() in words(document).lower()
    assert getattr(translations, code).fiche.title in words(document)

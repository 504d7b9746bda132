"""A private link that was copied from a mail with the end of its sentence opens what it would have opened."""

from itertools import product

import pytest

from fiches.link_secrets import LENGTH
from tests.screens import private as private

pytestmark = pytest.mark.django_db
ENDS = [
    " ",
    ",",
    ".",
    ">",
    ")",
    "/,",
    "/.",
    "/>",
    "/).",
    "/»",
    "/,/",
    "//",
    "…",
    "/…",
]


def test_a_link_that_was_copied_with_the_end_of_its_sentence_opens_its_page(client, private):
    for address, end in product(private, ENDS):
        answer = client.get(f"{address.removesuffix('/')}{end}")
        assert (answer.status_code, answer.headers.get("Location")) == (302, address), end
        assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == (
            "no-store, private",
            "noindex, nofollow, noarchive",
        )


def test_such_a_link_that_opens_nothing_leads_to_where_a_new_one_is_asked_for(client, tree):
    for room in ("candidature", "inscription", "abonnement"):
        answer = client.get(f"/{room}/{'s' * LENGTH}/,", follow=True)
        assert answer.status_code == 404
        assert "Page introuvable" not in answer.content.decode()

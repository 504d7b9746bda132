"""Withdrawn or erased personal data are at no public address: pages, API, feeds, exports, PDF, cards."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from fiches.candidatures.consentements import CONTACT
from fiches.models import FichePage
from tests.addresses import accounts_and_records as accounts_and_records
from tests.addresses import lines
from tests.addresses import module_accounts_and_records as module_accounts_and_records
from tests.candidatures.screens import CONTACT_MARKERS, PICTURE_MARKER, SLUG, plain, read
from tests.candidatures.screens import module_published as module_published
from tests.candidatures.screens import published as published

FOLLOWED = re.compile(r"/media/[\w./%-]+")


pytestmark = [pytest.mark.usefixtures("enabled_response_cache"), pytest.mark.nightly]


def addresses(names):
    """Yields the public addresses of the table of accesses (those of a fiche also for this one), and searches."""
    fiche = FichePage.objects.get(slug=SLUG)
    public = [address for address, _below, expected in lines() if not address.startswith("/admin")]
    for address in public:
        yield address.format(**names)
        own = address.replace("/recette", f"/{SLUG}").format(**{**names, "fiche": fiche.pk})
        if own != address.format(**names):
            yield own
        if "/carnet-1" in address:
            yield address.replace("/carnet-1", "/carnet-2").format(**names)
    for word in (*CONTACT_MARKERS.values(), PICTURE_MARKER, "lait"):
        for search in ("/recherche/?q={}", "/fiches/?q={}", "/api/v1/fiches?q={}"):
            yield search.format(word)


def shows_magenta(image):
    """Whether a tenth of the image has the magenta of the photo."""
    small = image.convert("RGB").resize((40, 40))
    return sum(red > 200 and green < 60 and blue > 200 for red, green, blue in small.get_flattened_data()) > 160


def personal_data_shown(client, names, own_texts=None):
    """Returns ``{address: [markers of personal data found]}``: the contact, and the photo by description or pixels. The texts of the
    fiche's own addresses are added to ``own_texts``."""
    found = {}
    for address in addresses(names):
        text, pictures = read(client, address)
        if own_texts is not None and SLUG in address:
            own_texts.append(text)
        words = [name for name, word in CONTACT_MARKERS.items() if word in plain(text)]
        words += ["photo"] * (PICTURE_MARKER in plain(text) or any(map(shows_magenta, pictures)))
        if words:
            found[address] = words
    return found


EVERYWHERE = {
    f"/fiches/{SLUG}/",
    f"/fiches/{SLUG}/fiche.pdf",
    f"/api/v1/fiches/{SLUG}",
    "/api/v1/fiches",
}


def test_what_is_consented_to_is_told_and_what_is_taken_back_leaves_every_address(
    published, accounts_and_records, visitor
):
    """First the contact, then the photo. The first assertions prove that these addresses do show personal data."""
    reader, names, texts = Client(), accounts_and_records[1], []
    found = personal_data_shown(reader, names, texts)
    assert {address for address, words in found.items() if set(CONTACT_MARKERS) <= set(words)} >= EVERYWHERE
    pictures = {address for text in texts for address in FOLLOWED.findall(text)}
    shown = {address for address in pictures if reader.get(address).status_code == 200}
    assert shown
    for finalite in CONTACT:
        visitor.post(f"{published}consentements/", {"finalite": finalite})
    found = personal_data_shown(reader, names)
    assert {address: words for address, words in found.items() if set(words) != {"photo"}} == {}
    visitor.post(f"{published}consentements/", {"finalite": "droits_photo"})
    assert personal_data_shown(reader, names) == {}
    assert [address for address in shown if any(map(shows_magenta, read(reader, address)[1]))] == []


def test_an_erased_person_leaves_every_address(published, accounts_and_records, visitor):
    reader, names = Client(), accounts_and_records[1]
    assert all("zanzibar" in plain(read(reader, address)[0]) for address in EVERYWHERE)  # these responses are kept
    with visitor.capture(execute=True):
        call_command("effacer_personne", "zambeze@ferme.test", stdout=StringIO())
    left = {address: sorted({*words} - {"photo"}) for address, words in personal_data_shown(reader, names).items()}
    assert {address: words for address, words in left.items() if words} == {}

"""The catalogues of all rooms are one dictionary once Django has read them: the first room's translation is shown everywhere."""

from pathlib import Path

import polib
import pytest
from django.apps import apps

from tools import translations

OURS = {room.parts[0] for room in map(Path, translations.ROOMS)}


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_no_message_is_translated_in_two_ways(language):
    assert translations.disagreements(language) == []


def test_a_message_translated_in_two_ways_is_refused(tmp_path, monkeypatch):
    for room, said in (("home", "Filtrer"), ("search", "Filtre")):
        folder = tmp_path / room / "locale/fr/LC_MESSAGES"
        folder.mkdir(parents=True)
        catalogue = polib.POFile()
        catalogue.append(polib.POEntry(msgid="Filter", msgstr=said))
        catalogue.append(polib.POEntry(msgid="Filter", msgctxt=room, msgstr=said))
        catalogue.append(polib.POEntry(msgid="Page", msgstr="Page"))
        catalogue.save(str(folder / "django.po"))
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    assert translations.disagreements("fr") == ["Filter"]


def test_what_visitors_read_in_english_holds_no_french_word():
    assert translations.french_words() == []


@pytest.mark.parametrize(
    ("english", "refused"),
    [
        ({}, ["Choose an étape: {fiche}"]),
        ({"Choose an étape: {fiche}": "Choose a carnet: {fiche}"}, ["Choose a carnet: {fiche}"]),
        ({"Choose an étape: {fiche}": "Choose a stage: {fiche}"}, []),
    ],
)
def test_a_french_word_in_a_public_english_text_is_refused(tmp_path, monkeypatch, english, refused):
    """A text for staff may hold one, and so may a place to fill or an address."""
    public = "Choose an étape: {fiche}"
    french = {public: "Une étape\u00a0: {fiche}", "See /grille": "Voyez /grille", "The dossiers": "Les dossiers"}
    german = {public: "Wählen Sie: {fiche}", "See /grille": "Siehe /grille"}
    for language, texts in (("fr", french), ("en", english), ("de", german)):
        catalogue = polib.POFile()
        catalogue.extend(polib.POEntry(msgid=msgid, msgstr=msgstr) for msgid, msgstr in texts.items())
        folder = tmp_path / "home/locale" / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        catalogue.save(str(folder / "django.po"))
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    assert translations.french_words() == refused


def plain(message):
    """Its first translation, as far as a reader tells it from another."""
    return (message.msgstr or next(iter(message.msgstr_plural.values()))).replace("'", "’").casefold().strip()


def test_a_line_may_not_break_inside_french_quotation_marks():
    found = [text for po in translations.catalogues() for text in translations.breakable(translations.read(po))]
    assert (found, translations.breakable_templates()) == ([], [])
    assert translations.breaks("Ouvrez « Fiches\u00a0».")


def test_no_word_of_a_room_changes_what_the_admin_says():
    """What is reworded on purpose is in the site's own catalogue, by the list of `config.message_overrides`."""
    inside = [Path(app.path) / "locale/fr/LC_MESSAGES/django.po" for app in apps.get_app_configs()]
    theirs = {}
    for po in inside:
        if po.exists() and app_of(po).startswith("wagtail"):
            for message in polib.pofile(str(po)):
                if message.translated():
                    theirs.setdefault((message.msgid, message.msgctxt), set()).add(plain(message))
    ours, on_purpose = {}, set()
    for po in translations.catalogues("fr"):
        for message in translations.read(po):
            name = (message.msgid, message.msgctxt)
            if po.is_relative_to(translations.ROOT / "site/locale"):
                on_purpose.add(name)
            ours[name] = plain(message)
    assert ours and theirs
    assert {
        name[0]: (said, sorted(theirs[name]))
        for name, said in ours.items()
        if name in theirs and said not in theirs[name] and name not in on_purpose
    } == {}


def app_of(po):
    return next((part for part in po.parts[::-1] if part.startswith("wagtail")), "")

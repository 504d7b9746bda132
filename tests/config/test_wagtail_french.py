"""Wagtail's French where it is wrong: ours on the site, and the corrections for upstream."""

from pathlib import Path

import polib
import wagtail
from django.utils.translation import gettext, override

CORRECTIONS = polib.pofile(str(Path(__file__).resolve().parents[2] / "docs/traductions/wagtail-fr.po"), wrapwidth=0)


def test_each_correction_still_differs_from_what_wagtail_says():
    for each in CORRECTIONS:
        folder = each.comment.removeprefix("wagtail/")
        theirs = polib.pofile(str(Path(wagtail.__file__).parent / folder / "LC_MESSAGES/django.po")).find(each.msgid)
        assert theirs and theirs.msgstr != each.msgstr, each.msgid


def test_a_locale_is_a_language_and_a_page_is_rejected_in_the_feminine():
    with override("fr"):
        told = {each.msgid: gettext(each.msgid) for each in CORRECTIONS}
    assert (told["Locale"], told["locale"]) == ("Langue", "langue")
    assert "refusée" in told['The page "%(title)s" has been rejected during "%(workflow)s".']
    wrong = ("égion", "resoumis", "a été rejeté ", "remplacé par", "crée avec")
    assert [text for text in told.values() if any(word in text for word in wrong)] == []

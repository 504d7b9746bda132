"""The words of the mails: each letter has its own, in one folder, and a host may word it anew."""

import pytest
from django.utils.translation import override

from fiches.mail.wordings import LETTERS, check_wording, template_wording


@pytest.mark.parametrize("language", ["fr", "de", "en"])
def test_every_letter_ships_with_its_subject_and_its_text(language):
    with override(language):
        words = {cle: template_wording(cle) for cle in LETTERS}
    assert [cle for cle, (objet, texte) in words.items() if not objet or not texte] == []
    assert {
        cle: check_wording(cle, objet=objet, texte=texte) for cle, (objet, texte) in words.items()
    } == dict.fromkeys(words, {})


def test_a_host_words_a_letter_anew(settings, tmp_path):
    (tmp_path / "courriels").mkdir()
    (tmp_path / "courriels/accuse.objet.txt").write_text("Bien reçu : {numero}\n")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    with override("en"):
        objet, texte = template_wording("accuse")
    assert objet == "Bien reçu : {numero}"
    assert texte.startswith("Hello,\n\nWe have received your application. Its number is {numero}.\n\n")

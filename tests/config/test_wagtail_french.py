"""Wagtail's French where it is wrong: ours on the site, and the corrections for upstream."""

import json
import re
from pathlib import Path

import polib
import pytest
import wagtail
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override
from wagtail.admin.localization import get_js_translation_strings

from config.message_overrides import WORDS
from tests.factories import FichePageFactory, UserFactory

CORRECTIONS = polib.pofile(str(Path(__file__).resolve().parents[2] / "docs/traductions/wagtail-fr.po"), wrapwidth=0)


def test_each_correction_still_differs_from_what_wagtail_says():
    for each in CORRECTIONS:
        folder, _space, domain = each.comment.removeprefix("wagtail/").partition(" ")
        name = f"{domain.strip('()') or 'django'}.po"
        theirs = polib.pofile(str(Path(wagtail.__file__).parent / folder / "LC_MESSAGES" / name)).find(each.msgid)
        assert theirs, each.msgid
        assert (theirs.msgstr, theirs.msgstr_plural) != (each.msgstr, each.msgstr_plural), each.msgid


def test_a_locale_is_a_language_and_a_page_sent_back_is_to_be_corrected():
    with override("fr"):
        told = {each.msgid: gettext(each.msgid) for each in CORRECTIONS}
    assert (told["Locale"], told["locale"]) == ("Langue", "langue")
    assert told['The page "%(title)s" has been rejected during "%(workflow)s".'].startswith(
        "Des corrections sont demandées"
    )
    wrong = ("égion", "resoumis", "a été rejeté ", "remplacé par", "crée avec")
    assert [text for text in told.values() if any(word in text for word in wrong)] == []


def test_no_text_of_ours_leaves_the_reader_to_choose_an_ending():
    """« Êtes-vous sûr(e) de vouloir supprimer ce(tte) … » can't be read aloud."""
    with override("fr"):
        told = [gettext(message) for message in WORDS]
        used = ngettext(
            "This %(model_name)s is referenced %(usage_count)s time.",
            "This %(model_name)s is referenced %(usage_count)s times.",
            0,
        )
    assert [text for text in told if re.search(r"\w\((e|tte|le|s|nt)\)", text)] == []
    assert used % {"usage_count": 0} == "Usages ailleurs sur le site\N{NO-BREAK SPACE}: 0"


def test_a_lock_a_date_and_a_decision_have_no_ending_to_choose_for_any_content():
    kinds = ("%(model_name)s", "{model_name}")
    words = (" locked", "scheduled", "has been approved", "for moderation", "published.")
    theirs = {
        m.msgid for m in polib.pofile(str(Path(wagtail.__file__).parent / "admin/locale/fr/LC_MESSAGES/django.po"))
    }
    theirs |= {m.msgid for m in polib.pofile(str(Path(wagtail.__file__).parent / "locale/fr/LC_MESSAGES/django.po"))}
    told = [each for each in theirs if any(kind in each for kind in kinds) and any(word in each for word in words)]
    with override("fr"):
        assert sorted(each for each in told if re.search(r"\w\((e|tte|le|s|nt)\)", gettext(each))) == []


def test_the_mails_of_the_review_have_no_jargon_and_no_ending_to_choose():
    """Their subjects and texts, as the templates of Wagtail make them of a page and of another content."""
    folder = Path(wagtail.__file__).parent / "admin/templates/wagtailadmin/notifications"
    tags = r"{% blocktrans.*?%}(.*?){% endblocktrans %}"
    told = []
    for name in (
        "task_state_submitted",
        "workflow_state_submitted",
        "workflow_state_approved",
        "workflow_state_rejected",
    ):
        for template in (folder / f"{name}.txt", folder / f"{name}_subject.txt"):
            for text in re.findall(tags, template.read_text(), re.DOTALL):
                message = re.sub(
                    r"{{ *(\w+) *}}", r"%(\1)s", "".join(line.strip() for line in text.strip().splitlines())
                )
                with override("fr"):
                    told.append(gettext(message))
                assert told[-1] != message
    wrong = r"\w\((e|tte|le|s|nt)\)|le/la|workflow »|le workflow|la tâche|soumise? |rejeté|modération"
    assert [text for text in told if re.search(wrong, text)] == []
    assert len(told) > 15


def test_what_scripts_say_is_ours_too(client):
    """Wagtail's catalogue for scripts, and the names of the months that its calendar shows."""
    with override("fr"):
        script = client.get(reverse("wagtailadmin_javascript_catalog")).text
        months = get_js_translation_strings()["MONTHS"]
    payload = json.loads(re.search(r"const newcatalog = (\{.*?\n\s*\});", script, re.DOTALL)[1])
    assert [text for text in payload.values() if re.search(r"\w\((e|tte|le|s|nt)\)", str(text))] == []
    assert (payload["Are you sure?"], payload["Delete error"]) == (
        "Confirmer\N{NO-BREAK SPACE}?",
        "La suppression a échoué",
    )
    assert (months[0], months[11]) == ("janvier", "décembre")


@pytest.mark.django_db
def test_what_was_just_written_was_written_now(client, tree):
    editor = UserFactory(role="redaction")
    client.force_login(editor)
    fiche = FichePageFactory(parent=tree.fiches, owner=editor)
    fiche.chapo = "Court."
    fiche.save_revision(user=editor, log_action=True)
    home = client.get("/admin/").text.replace("\xa0", " ")
    assert "0 minute" not in home
    assert "À l&#x27;instant" in home


def test_the_other_window_is_named_when_its_changes_would_be_lost():
    with override("fr"):
        told = gettext("Proceeding will overwrite the changes you made in that window.")
    assert told == "Si vous continuez, ce que vous avez écrit dans l’autre fenêtre sera perdu."


@pytest.mark.django_db
def test_what_happens_is_said_before_a_page_is_taken_off_or_its_date_cancelled(client, tree):
    fiche = FichePageFactory(parent=tree.fiches)
    client.force_login(UserFactory(role="moderation"))
    screen = client.get(reverse("wagtailadmin_pages:unpublish", args=[fiche.pk])).text
    assert "Elle quitte aussitôt le site, la carte et les pages des partenaires." in screen
    assert "Aucun courriel ne part." in screen
    assert "(tte)" not in screen


@pytest.mark.django_db
def test_the_titles_of_the_screens_have_the_colon_of_the_language(client, tree):
    fiche = FichePageFactory(parent=tree.fiches, title="Le four")
    client.force_login(UserFactory(role="moderation"))
    screen = client.get(reverse("wagtailadmin_pages:unpublish", args=[fiche.pk])).text
    assert "Retirer du site\N{NO-BREAK SPACE}: Le four" in screen


def test_the_history_says_that_the_publication_is_scheduled_or_not_any_more():
    with override("fr"):
        told = [
            gettext(f"%(model_name)s {each}").replace("\xa0", " ")
            for each in ("scheduled for publishing", "unscheduled from publishing")
        ]
    assert told == [
        "%(model_name)s : mise en ligne programmée",
        "%(model_name)s : mise en ligne programmée annulée",
    ]


def test_the_menus_and_the_history_say_neither_workflow_nor_rules_of_redirection():
    stock = Path(wagtail.__file__).parent.glob("**/locale/fr/LC_MESSAGES/django.po")
    theirs = {each.msgid for path in stock for each in polib.pofile(str(path)) if not each.obsolete}
    with override("fr"):
        told = {each: re.sub(r"%\(\w+\)s|\{\w+\}|<[^>]*>", "", gettext(each)) for each in theirs if each}
    wrong = r"[Ww]orkflow|Règles? de Redirection|Historique du Site|Ordre de tri des sous-pages"
    assert {each: text for each, text in told.items() if re.search(wrong, text)} == {}

"""Wagtail's French where it is wrong: ours on the site, and the corrections for upstream."""

import json
import re
from pathlib import Path

import wagtail
from django.urls import reverse
from django.utils.translation import gettext, override
from wagtail.admin.localization import get_js_translation_strings


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

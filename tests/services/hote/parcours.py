"""What somebody does in a site made by `wagtail start`, through the site itself; prints what was seen, as JSON.

Run in the host's folder, by the host's Python, with nothing of our repository but this file and `formulaires.py`.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monsite.settings.dev")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.test import Client  # noqa: E402
from formulaires import filled_form  # noqa: E402
from wagtail.models import Page  # noqa: E402

from fiches.models import Commune, FicheIndexPage, FichePage  # noqa: E402

HOST = "localhost"
seen = {}


def as_user(name, group=None):
    """A browser logged in as a new account, member of ``group``, or superuser without one."""
    user = get_user_model().objects.create(username=name, email=f"{name}@hote.test", is_superuser=not group)
    if group:
        user.groups.add(Group.objects.get(name=group))
    client = Client(headers={"host": HOST})
    client.force_login(user)
    return client


def sent(client, address, **typed):
    """The page that follows when the form at ``address`` is sent with what is typed."""
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    form = {name: value for name, value in filled_form(page).items() if not name.startswith("comments-")}
    form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", **typed}
    answer = client.post(address, form)
    assert answer.status_code == 302, (address, answer.status_code, errors(answer))
    return answer.url


def errors(answer):
    form = answer.context and answer.context.get("form")
    return form and {**form.errors, **{name: formset.errors for name, formset in form.formsets.items()}}


def edit_of(page):
    return f"/admin/pages/{page.pk}/edit/"


def a_text(html):
    block = {"type": "texte", "id": "", "order": "0", "deleted": ""}
    rich = {"blocks": [{"key": "a", "text": html, "type": "unstyled", "depth": 0, "inlineStyleRanges": []}]}
    rich["blocks"][0]["entityRanges"] = []
    return {
        "corps-count": "1",
        **{f"corps-0-{name}": value for name, value in block.items()},
        "corps-0-value": json.dumps({**rich, "entityMap": {}}),
    }


def make_the_list(chief):
    home = Page.objects.get(depth=2)
    sent(
        chief,
        f"/admin/pages/add/rallynov_fiches/ficheindexpage/{home.pk}/",
        title="Innovations",
        slug="innovations",
        **{"action-publish": "action-publish"},
    )
    return FicheIndexPage.objects.get()


def write(editor, index):
    typed = {
        "title": "La recette d’une organisation partagée",
        "slug": "la-recette",
        "organisation": "Agrodoubs",
        "chapo": "Une coopérative où chacun décide.",
        "commune": Commune.objects.get(code_insee="25056").pk,
        "contact_courriel": "secret-QZX@agrodoubs.test",
        **a_text("Tout le monde goûte."),
        "action-submit": "action-submit",
    }
    sent(editor, f"/admin/pages/add/rallynov_fiches/fichepage/{index.pk}/", **typed)
    return FichePage.objects.get()


def approve(client, fiche):
    address = f"/admin/redaction/innovations/{fiche.pk}/"
    client.post(address, filled_form(client.get(address), "form:has(input[name=action][value=approve])"))
    return FichePage.objects.get().live


def read(address):
    """(status, text) as anybody gets it."""
    answer = Client(headers={"host": HOST}).get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, content.decode("utf-8", "replace")


def main():
    chief = as_user("chef")
    index = make_the_list(chief)
    fiche = write(as_user("rose", "Rédaction"), index)
    seen["avant"] = [fiche.live, fiche.workflow_in_progress, read("/innovations/la-recette/")[0]]
    seen["approbations"] = [approve(as_user("rémi", "Rédaction"), fiche), approve(as_user("max", "Modération"), fiche)]
    seen["page"] = read("/innovations/la-recette/")
    seen["liste"] = read("/innovations/?departement=25")
    seen["api"] = json.loads(read("/api/v1/fiches")[1])
    seen["adresses"] = {address: read(address) for address in sys.argv[1:]}
    json.dump(seen, sys.stdout)


main()

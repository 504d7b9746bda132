"""Who deletes a fiche: staff a draft that nobody read and no company wrote, superusers every one."""

import pytest
from django.test import Client

from fiches.candidatures.models import Dossier
from fiches.models import FichePage
from tests.factories import FichePageFactory, UserFactory
from tests.redaction.screens import FICHE, bulk, message_texts

pytestmark = pytest.mark.django_db

REFUSED = "Vous pouvez supprimer seulement un brouillon jamais mis en ligne, sans dossier et hors relecture."


@pytest.fixture
def fiches(tree):
    """``{name: fiche}``: a draft, and those that staff do not delete."""
    fiches = {name: FichePageFactory(parent=tree.fiches, live=name == "online", title=name) for name in KEPT}
    fiches["once online"].save_revision().publish()
    FichePage.objects.get(pk=fiches["once online"].pk).unpublish()
    Dossier.objects.create(courriel="jeanne@tilleuls.example", fiche=fiches["of a dossier"])
    return fiches | {"draft": FichePageFactory(parent=tree.fiches, live=False, title="draft")}


KEPT = ["online", "once online", "of a dossier"]


def left():
    return set(FichePage.objects.values_list("draft_title", flat=True))


@pytest.mark.parametrize("role", ["redaction", "moderation"])
def test_staff_delete_a_draft_only_and_read_why(client, fiches, role):
    client.force_login(UserFactory(role=role))
    for name in KEPT:
        answer = client.post(f"/admin/pages/{fiches[name].pk}/delete/", follow=True)
        assert [REFUSED in text for text in message_texts(answer)] == [True]
        client.post(f"/admin/api/main/pages/{fiches[name].pk}/action/delete/")
    client.post(bulk(FICHE, "delete", [fiches[name] for name in KEPT]))
    assert left() == {*KEPT, "draft"}
    client.post(f"/admin/pages/{fiches['draft'].pk}/delete/")
    assert left() == {*KEPT}


def test_the_deletion_is_not_offered_where_it_is_refused(client, fiches):
    client.force_login(UserFactory(role="moderation"))
    offered = {
        name: f"/admin/pages/{fiche.pk}/delete/" in client.get(f"/admin/pages/{fiche.pk}/edit/").content.decode()
        for name, fiche in fiches.items()
    }
    assert offered == {**dict.fromkeys(KEPT, False), "draft": True}


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_superuser_deletes_it_for_good_and_the_api_says_so(client, fiches, in_bulk):
    client.force_login(UserFactory(role="admin"))
    slug = fiches["online"].slug
    address = bulk(FICHE, "delete", [fiches["online"]])
    client.post(address if in_bulk else f"/admin/pages/{fiches['online'].pk}/delete/")
    client.post(f"/admin/pages/{fiches['of a dossier'].pk}/delete/")
    assert left() == {"once online", "draft"}
    assert Client().get(f"/fiches/{slug}/").status_code == 404
    assert slug in [each["slug"] for each in Client().get("/api/v1/suppressions").json()["items"]]
    assert Dossier.objects.get().fiche is None

"""A fiche made from a dossier can be approved by people who change nothing in it."""

import pytest
from django.urls import reverse

from fiches.models import FichePage
from tests.factories import UserFactory
from tests.formulaires import filled_form


@pytest.fixture
def fiche(sent):
    return sent.dossier.fiche


def approve(client, user, fiche):
    """Presses the button of the approval on the screen of the dossier."""
    client.force_login(user)
    screen = client.get(reverse("fiches_innovation", args=[fiche.pk]), follow=True)
    form = filled_form(screen, "form:has(input[name=action][value=approve])")
    return client.post(screen.request["PATH_INFO"], form)


def authors(fiche):
    return list(fiche.revisions.order_by("pk").values_list("user", flat=True))


def test_who_opens_it_and_changes_nothing_approves_it(client, fiche):
    approve(client, UserFactory(role="moderation"), fiche)
    assert authors(fiche) == [None]
    assert FichePage.objects.get(pk=fiche.pk).live


def test_who_opened_and_saved_it_untouched_approves_it_later(client, fiche):
    moderation = UserFactory(role="moderation")
    client.force_login(moderation)
    address = reverse("wagtailadmin_pages:edit", args=[fiche.pk])
    client.post(address, filled_form(client.get(address)))
    approve(client, moderation, fiche)
    assert authors(fiche) == [None]
    assert FichePage.objects.get(pk=fiche.pk).live


def test_its_text_is_as_the_editor_writes_it(fiche):
    html = fiche.get_latest_revision_as_object().corps[0].value.source
    assert html.startswith('<h3 data-block-key="') and '<p data-block-key="' in html


def test_its_answers_are_still_compared_without_the_headings(sent, staff):
    screen = staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/")
    lines = [line for step in screen.context["etapes"] for line in step["lignes"]]
    assert [line["champ"] for line in lines if line["differe"]] == []

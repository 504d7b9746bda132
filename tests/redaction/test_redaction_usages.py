"""What else uses a record: told whatever uses it, and what a protected link keeps stays."""

import pytest
from django.urls import reverse
from django.utils import timezone

from fiches.candidatures.models import Appel, Dossier
from fiches.models import Edition
from fiches.palmares.models import Palmares
from tests.factories import EditionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    person = UserFactory(role="admin")
    client.force_login(person)
    return person


def test_the_dossiers_of_a_call_are_named_with_their_screen(client, staff):
    client.get("/admin/")  # the first request loads the viewsets, which have the references to their models noted
    now = timezone.now()
    appel = Appel.objects.create(nom="Appel", ouverture=now, cloture=now)
    dossier = Dossier.objects.create(appel=appel)
    used = client.get(reverse("wagtailsnippets_rallynov_candidatures_appel:usage", args=[appel.pk]))
    assert reverse("dossiers:detail", args=[dossier.pk]) in used.text


def test_an_edition_with_its_palmares_is_not_deleted_and_one_is_told(client, staff):
    kept, free = EditionFactory(annee=2031), EditionFactory(annee=2032)
    Palmares.objects.create(edition=kept)
    alone = reverse("wagtailsnippets_rallynov_fiches_edition:delete", args=[kept.pk])
    several = reverse("wagtail_bulk_action", args=["rallynov_fiches", "edition", "delete"])
    for address in (alone, f"{several}?id={kept.pk}&id={free.pk}"):
        page = client.post(address, follow=True)
        assert page.redirect_chain == [(reverse("wagtailsnippets_rallynov_fiches_edition:list"), 302)]
        assert "est utilisée ailleurs" in page.text
    assert {*Edition.objects.filter(annee__gt=2030)} == {kept, free}
    client.post(reverse("wagtailsnippets_rallynov_fiches_edition:delete", args=[free.pk]))
    assert [*Edition.objects.filter(annee__gt=2030)] == [kept]

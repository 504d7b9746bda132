"""An étape that people are registered for leaves the site in no way that would tell them nothing: it is cancelled instead."""

import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction

from etapes.models import EtapeIndexPage, EtapePage
from fiches.mail import outbox
from fiches.models import Courriel
from tests.factories import EtapePageFactory, UserFactory

LOGIN = {"restriction_type": "login"}


@pytest.fixture
def staff(browser, etape):
    return browser(UserFactory(role="admin"))


def cancel_all(staff, etape, people):
    for each in people:
        staff.post(reverse("etapes_inscriptions_agir", args=[etape.pk, each.pk, "annuler"]))


@pytest.mark.parametrize("act", ["unpublish", "delete"])
def test_an_etape_that_people_count_on_does_not_leave_the_site(staff, etape, register_people, act):
    people = register_people("anne", "bruno")
    other = EtapePageFactory(parent=etape.get_parent(), title="Sans inscrits")
    address = reverse(f"wagtailadmin_pages:{act}", args=[etape.pk])
    staff.post(address)
    many = reverse("wagtail_bulk_action", args=["wagtailcore", "page", act])
    staff.post(f"{many}?next=/admin/etapes/&id={etape.pk}&id={other.pk}")
    assert list(EtapePage.objects.filter(live=True)) == [etape]
    cancel_all(staff, etape, people)
    staff.post(address)
    assert not EtapePage.objects.filter(live=True).exists()


def test_a_page_above_an_etape_that_people_count_on_is_not_deleted(staff, etape, register_people, tree):
    register_people("anne")
    staff.post(reverse("wagtailadmin_pages:delete", args=[tree.etapes.pk]))
    assert EtapePage.objects.get() == etape


def test_an_etape_that_is_cancelled_leaves_the_site_though_people_were_registered(staff, etape, register_people):
    register_people("anne", "bruno")
    EtapePage.objects.update(statut="annulee")
    staff.post(reverse("wagtailadmin_pages:unpublish", args=[etape.pk]))
    assert EtapePage.objects.get().live is False


def test_an_etape_that_is_cancelled_is_deleted_once_the_people_were_told(staff, etape, register_people):
    anne, _bruno = register_people("anne", "bruno")
    EtapePage.objects.update(statut="annulee")
    told = outbox.post(
        "annulee", modele="inscription_etape_annulee", destinataires=[anne.courriel], sujet=anne, contexte={}
    )
    delete = reverse("wagtailadmin_pages:delete", args=[etape.pk])
    staff.post(delete)
    assert EtapePage.objects.exists()
    Courriel.objects.filter(pk=told.pk).update(etat="envoye")
    staff.post(delete)
    assert not EtapePage.objects.exists()


def test_an_etape_that_people_count_on_is_not_made_private(staff, etape, register_people):
    people = register_people("anne", "bruno")
    for page in (etape, etape.get_parent()):
        staff.post(reverse("wagtailadmin_pages:set_privacy", args=[page.pk]), LOGIN)
        assert list(PageViewRestriction.objects.all()) == []
    cancel_all(staff, etape, people)
    staff.post(reverse("wagtailadmin_pages:set_privacy", args=[etape.pk]), LOGIN)
    assert [each.page_id for each in PageViewRestriction.objects.all()] == [etape.pk]


def test_an_etape_does_not_expire(staff, etape):
    fields = staff.get(reverse("wagtailadmin_pages:edit", args=[etape.pk])).context["form"].fields
    assert ("go_live_at" in fields, "expire_at" in fields) == (True, False)


def test_an_etape_that_people_count_on_does_not_move(staff, etape, register_people, tree):
    people = register_people("anne", "bruno")
    other = EtapeIndexPage(title="Autre route", slug="autre-route")
    tree.home.add_child(instance=other)
    address = reverse("wagtailadmin_pages:move_confirm", args=[etape.pk, other.pk])
    many = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    staff.post(address)
    staff.post(f"{many}?next=/admin/&id={etape.pk}", {"chooser": other.pk})
    assert EtapePage.objects.get().get_parent().pk == tree.etapes.pk
    cancel_all(staff, etape, people)
    staff.post(address)
    assert EtapePage.objects.get().get_parent().pk == other.pk

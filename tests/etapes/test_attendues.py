"""An étape that people are registered for leaves the site in no way that would tell them nothing: it is cancelled."""

import pytest
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from etapes.models import EtapePage
from fiches.mail import outbox
from fiches.models import Courriel
from tests.factories import UserFactory
from tests.formulaires import filled_form


@pytest.fixture
def staff(browser, tree):
    return browser(UserFactory(role="admin"))


def view(name, *pages):
    return reverse(f"wagtailadmin_pages:{name}", args=[page.pk for page in pages])


def in_bulk(action, page):
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', action])}?next=/admin/&id={page.pk}"


@pytest.mark.parametrize("name", ["dole", "etapes"])
def test_an_etape_that_people_count_on_and_its_list_stay_where_everybody_sees_them(
    staff, etape, register_people, tree, name
):
    people = register_people("anne", "bruno")
    page = {"dole": etape, "etapes": tree.etapes}[name]
    acts = [
        (view("unpublish", page), {}),
        (in_bulk("unpublish", page), {}),
        (view("delete", page), {}),
        (in_bulk("delete", page), {}),
        (view("set_privacy", page), {"restriction_type": "login"}),
    ]
    places = list(Page.objects.values_list("path", "live"))
    for address, data in acts:
        staff.post(address, data, follow=True)
        assert list(Page.objects.values_list("path", "live")) == places, address
        assert not PageViewRestriction.objects.exists(), address
    for each in people:
        staff.post(reverse("etapes_inscriptions_agir", args=[etape.pk, each.pk, "annuler"]))
    staff.post(view("unpublish", page))
    assert Page.objects.get(pk=page.pk).live is False


def test_the_form_offers_nothing_that_is_refused(staff, etape, register_people):
    free, offered = (staff.get(view("edit", etape)).content.decode() for _each in range(2))
    assert view("unpublish", etape) in free and "expire_at" not in free
    register_people("anne")
    offered = staff.get(view("edit", etape)).content.decode()
    assert view("unpublish", etape) not in offered and view("delete", etape) not in offered


def test_a_cancelled_etape_leaves_the_site_once_the_people_were_told(staff, etape, register_people):
    anne, _bruno = register_people("anne", "bruno")
    EtapePage.objects.update(statut="annulee")
    told = outbox.post(
        "annulee", modele="inscription_etape_annulee", destinataires=[anne.courriel], sujet=anne, contexte={}
    )
    staff.post(view("delete", etape), follow=True)
    assert EtapePage.objects.exists()
    Courriel.objects.filter(pk=told.pk).update(etat="envoye")
    staff.post(view("delete", etape))
    assert not EtapePage.objects.exists()


def test_a_date_that_people_know_is_neither_emptied_nor_past_and_nothing_typed_is_lost(staff, etape, register_people):
    register_people("anne")
    address = view("edit", etape)
    for date, words in (("2013-06-26", "Cette date est passée"), ("", "Gardez cette date")):
        form = {**filled_form(staff.get(address)), "date": date, "chapo": "Tout le jour.", "action-publish": "1"}
        page = staff.post(address, form).content.decode()
        assert words in page and "Tout le jour." in page
        assert EtapePage.objects.get().date == etape.date

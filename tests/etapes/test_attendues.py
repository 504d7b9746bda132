"""An étape that people are registered for leaves the site in no way that would tell them nothing: neither by hand nor by the clock."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Revision

from config.scheduled_work import publish_scheduled
from etapes.models import EtapeIndexPage, EtapePage
from fiches.mail import outbox
from fiches.models import Courriel
from tests.etapes.conftest import subjects, text
from tests.factories import EtapePageFactory, UserFactory
from tests.formulaires import filled_form

# --- By hand ----------------------------------------------------------------------------------------------------------


def unpublish_many(staff, *pages, **data):
    keys = "&".join(f"id={page.pk}" for page in pages)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    return text(staff.post(f"{address}?next=/admin/etapes/&{keys}", data, follow=True))


PRIVATE = "Cette page ne peut pas devenir privée\xa0: des personnes sont inscrites à une étape."
STAYS = "Tout reste en ligne : 2 personnes sont inscrites à « Étape à Dole »."
INSTEAD = "Mettez l’étape dans l’état « annulée » et publiez-la : ces personnes sont alors prévenues par courriel."


def test_an_etape_that_people_count_on_does_not_leave_the_site(browser, etape, register_people):
    anne, bruno = register_people("anne", "bruno")
    staff = browser(UserFactory(role="admin"))
    other = EtapePageFactory(parent=etape.get_parent(), title="Sans inscrits")
    address = reverse("wagtailadmin_pages:unpublish", args=[etape.pk])
    for told in (text(staff.post(address, follow=True)), unpublish_many(staff, etape, other)):
        assert (STAYS in told, INSTEAD in told) == (True, True)
        assert set(EtapePage.objects.values_list("live", flat=True)) == {True}
    for each in (anne, bruno):
        staff.post(reverse("etapes_inscriptions_agir", args=[etape.pk, each.pk, "annuler"]))
    staff.post(address)
    assert EtapePage.objects.get(pk=etape.pk).live is False


def test_an_etape_that_is_cancelled_leaves_the_site_though_people_were_registered(browser, etape, register_people):
    register_people("anne", "bruno")
    EtapePage.objects.update(statut="annulee")
    browser(UserFactory(role="admin")).post(reverse("wagtailadmin_pages:unpublish", args=[etape.pk]))
    assert EtapePage.objects.get().live is False


def test_an_etape_that_is_cancelled_is_deleted_once_the_people_were_told(browser, etape, register_people):
    anne, _bruno = register_people("anne", "bruno")
    EtapePage.objects.update(statut="annulee")
    told = outbox.post(
        "annulee", modele="inscription_etape_annulee", destinataires=[anne.courriel], sujet=anne, contexte={}
    )
    staff = browser(UserFactory(role="admin"))
    delete = reverse("wagtailadmin_pages:delete", args=[etape.pk])
    assert "ne sont pas encore partis. Vous pourrez supprimer l’étape dans dix minutes." in text(
        staff.post(delete, follow=True)
    )
    assert EtapePage.objects.exists()
    Courriel.objects.filter(pk=told.pk).update(etat="envoye")
    staff.post(delete)
    assert not EtapePage.objects.exists()


# --- Before the confirmation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["redaction", "admin"])
@pytest.mark.parametrize("above", ["etapes", "home"])
def test_a_page_above_an_etape_that_people_count_on_stays_online_whatever_way(
    browser, etape, register_people, tree, role, above
):
    """Its list leads people to their étape: alone, without the pages below, it does not leave either."""
    register_people("anne", "bruno")
    page, staff = getattr(tree, above), browser(UserFactory(role=role))
    address = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
    assert STAYS in text(staff.post(address, follow=True))
    assert STAYS in unpublish_many(staff, page)
    assert list(Page.objects.filter(live=False)) == []


LOGIN = {"restriction_type": "login"}


def test_an_etape_that_people_count_on_is_not_made_private(browser, etape, register_people):
    anne, bruno = register_people("anne", "bruno")
    staff = browser(UserFactory(role="admin"))
    for page in (etape, etape.get_parent(), etape.get_site().root_page):
        address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
        for answer in (staff.get(address), staff.post(address, LOGIN)):
            assert PRIVATE in json.loads(answer.content)["html"]
        assert list(PageViewRestriction.objects.all()) == []
    for each in (anne, bruno):
        staff.post(reverse("etapes_inscriptions_agir", args=[etape.pk, each.pk, "annuler"]))
    staff.post(reverse("wagtailadmin_pages:set_privacy", args=[etape.pk]), LOGIN)
    assert [each.page_id for each in PageViewRestriction.objects.all()] == [etape.pk]


# --- The expiry date --------------------------------------------------------------------------------------------------


def typed(instant):
    return timezone.localtime(instant).strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def save_etape(browser, etape):
    """``save_etape(**typed)`` sends the form of the étape with what is typed; returns the errors of the expiry date."""
    staff, address = browser(UserFactory(role="admin")), reverse("wagtailadmin_pages:edit", args=[etape.pk])

    def send(**data):
        answer = staff.post(address, {**filled_form(staff.get(address)), **data})
        return answer.context["form"].errors.get("expire_at", []) if answer.status_code == 200 else []

    return send


def test_an_expiry_before_the_end_is_refused_beside_its_field(etape, register_people, save_etape):
    register_people("anne", "bruno")
    [error] = save_etape(expire_at=typed(etape.termine_le - timedelta(days=1)))
    assert error.startswith("2 personnes sont inscrites : l’étape reste en ligne jusqu’à sa fin, le ")
    assert error.endswith("Pour prévenir ces personnes par courriel, mettez l’étape dans l’état «\u00a0annulée\u00a0».")
    assert EtapePage.objects.get().latest_revision.as_object().expire_at is None


def set_expiry(etape, instant):
    """What a form let pass before anybody was registered."""
    etape.expire_at, etape.chapo = instant, "Tout le jour."
    etape.save_revision()
    etape.chapo = "Toute la journée."
    etape.save_revision().publish()


@pytest.mark.parametrize("clock", [publish_scheduled, lambda: call_command("publish_scheduled")])
def test_the_clock_does_not_take_off_an_etape_that_people_count_on(
    etape, register_people, clock, client, django_capture_on_commit_callbacks
):
    register_people("anne", "bruno")
    editor, approver = UserFactory(role="redaction", username="redac"), UserFactory(role="admin", username="chef")
    set_expiry(etape, timezone.now() - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        clock()
        clock()
    etape.refresh_from_db()
    assert (etape.live, etape.expired, etape.expire_at) == (True, False, None)
    assert client.get("/etapes/dole/").status_code == 200
    assert subjects() == [(person.email, "« Étape à Dole » reste en ligne") for person in (editor, approver)]
    mail_text = text_of(mail.outbox[0])
    assert "2 personnes sont inscrites" in mail_text and f"/admin/etapes/{etape.pk}/inscriptions/" in mail_text
    assert {revision.content["expire_at"] for revision in Revision.objects.for_instance(etape)} == {None}


def text_of(message):
    return " ".join(message.body.replace("\u00a0", " ").split())


def test_an_etape_that_people_count_on_does_not_move_under_a_private_page(
    browser, etape, register_people, client, tree
):
    register_people("anne", "bruno")
    private = EtapeIndexPage(title="Entre nous", slug="entre-nous")
    tree.home.add_child(instance=private)
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    admin = UserFactory(role="admin")
    staff = browser(admin)
    many = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    message = "Rien n’a été déplacé : 2 personnes sont inscrites à « Étape à Dole », et la page d’arrivée est privée."
    for address, data in (
        (reverse("wagtailadmin_pages:move_confirm", args=[etape.pk, private.pk]), {}),
        (f"{many}?next=/admin/&id={etape.pk}", {"chooser": private.pk}),
    ):
        assert message in text(staff.post(address, data, follow=True))
    assert EtapePage.objects.get().get_parent().pk == tree.etapes.pk
    open_to_all = EtapeIndexPage(title="Autre route", slug="autre-route")
    tree.home.add_child(instance=open_to_all)
    staff.post(reverse("wagtailadmin_pages:move_confirm", args=[etape.pk, open_to_all.pk]))
    assert EtapePage.objects.get().get_parent().pk == open_to_all.pk

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
from fiches.upkeep.periodic import WORKS
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


def test_the_list_above_an_etape_that_people_count_on_neither_takes_it_off_nor_deletes_it(
    browser, etape, register_people
):
    register_people("anne", "bruno")
    staff, road = browser(UserFactory(role="admin")), etape.get_parent()
    address = reverse("wagtailadmin_pages:unpublish", args=[road.pk])
    below = {"include_descendants": "on"}
    assert STAYS in text(staff.post(address, below, follow=True))
    assert STAYS in unpublish_many(staff, road, **below)
    answer = staff.post(reverse("wagtailadmin_pages:delete", args=[road.pk]), {"confirm_site_name": "x"}, follow=True)
    assert (
        "2 personnes sont inscrites à « Étape à Dole ». Ne supprimez pas l’étape : mettez l’état « annulée »"
        in text(answer)
    )
    assert EtapePage.objects.get().live


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


CONFIRM = "Ne rien changer"


# --- Before the confirmation ------------------------------------------------------------------------------------------


def test_who_may_not_unpublish_learns_it_before_being_asked_to_confirm(browser, etape, register_people):
    register_people("anne", "bruno")
    staff = browser(UserFactory(role="admin"))
    one = reverse("wagtailadmin_pages:unpublish", args=[etape.pk])
    many = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    for address in (one, f"{many}?next=/admin/etapes/&id={etape.pk}"):
        answer = staff.get(address, follow=True)
        page_text = text(answer)
        assert (STAYS in page_text, INSTEAD in page_text, CONFIRM in page_text) == (True, True, False)
    deletion = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    answer = staff.get(f"{deletion}?next=/admin/etapes/&id={etape.pk}", follow=True)
    assert (
        "2 personnes sont inscrites à « Étape à Dole ». Ne supprimez pas l’étape : mettez l’état « annulée »"
        in text(answer)
    )
    assert answer.redirect_chain == [("/admin/etapes/", 302)]


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
    many = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    page_text = text(staff.get(f"{many}?next=/admin/etapes/&id={page.pk}", follow=True))
    assert (STAYS in page_text, CONFIRM in page_text) == (True, False)


def test_the_list_is_refused_before_the_confirmation(browser, etape, register_people, tree):
    register_people("anne", "bruno")
    page_text = text(browser(UserFactory(role="admin")).get(f"/admin/pages/{tree.etapes.pk}/unpublish/", follow=True))
    assert (STAYS in page_text, CONFIRM in page_text) == (True, False)


def test_a_list_whose_expiry_comes_before_its_etapes_end_stays_online(
    etape, register_people, tree, django_capture_on_commit_callbacks
):
    register_people("anne", "bruno")
    UserFactory(role="redaction")
    set_expiry(tree.etapes, timezone.now() - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        publish_scheduled()
    tree.etapes.refresh_from_db()
    assert (tree.etapes.live, tree.etapes.expire_at) == (True, None)
    assert subjects()[0][1] == "« Étapes » reste en ligne"


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


def test_a_page_of_a_host_above_an_etape_that_people_count_on_is_not_made_private(
    browser, etape, register_people, tree
):
    register_people("anne")
    host = Page.get_first_root_node().add_child(instance=Page(title="Hôte", slug="hote"))
    tree.home.move(host, "last-child")
    address = reverse("wagtailadmin_pages:set_privacy", args=[host.pk])
    payload = json.loads(browser(UserFactory(role="admin")).post(address, LOGIN).content)
    assert (PRIVATE in payload["html"], list(PageViewRestriction.objects.all())) == (True, [])


def test_redaction_does_not_hide_the_whole_site_and_reads_what_it_would_hide(browser, tree):
    address = reverse("wagtailadmin_pages:set_privacy", args=[tree.home.pk])
    editor = browser(UserFactory(role="redaction"))
    number = tree.home.get_descendants(inclusive=True).live().count()
    for answer in (editor.get(address), editor.post(address, LOGIN)):
        payload = json.loads(answer.content)["html"].replace("\xa0", " ")
        assert f"tout le site est caché au public ({number} pages)" in payload
    assert list(PageViewRestriction.objects.all()) == []
    browser(UserFactory(role="admin")).post(address, LOGIN)
    assert [each.page_id for each in PageViewRestriction.objects.all()] == [tree.home.pk]
    editor.post(address, {"restriction_type": "none"})
    assert list(PageViewRestriction.objects.all()) == []


def test_an_etape_that_was_private_before_people_registered_can_be_made_public(browser, etape, register_people):
    register_people("anne")
    PageViewRestriction.objects.create(page=etape, restriction_type="login")
    browser(UserFactory(role="admin")).post(
        reverse("wagtailadmin_pages:set_privacy", args=[etape.pk]), {"restriction_type": "none"}
    )
    assert list(PageViewRestriction.objects.all()) == []


def test_an_etape_without_registrations_is_asked_about_as_any_page(browser, etape):
    staff = browser(UserFactory(role="admin"))
    assert CONFIRM in text(staff.get(reverse("wagtailadmin_pages:unpublish", args=[etape.pk])))


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


def test_an_expiry_after_the_end_or_that_nobody_would_suffer_is_kept(etape, register_people, save_etape):
    soon = typed(etape.termine_le - timedelta(days=1))
    assert save_etape(expire_at=soon) == []
    register_people("anne")
    assert save_etape(expire_at=typed(etape.termine_le + timedelta(days=1))) == []
    assert save_etape(expire_at=soon, statut="annulee") == []


def test_a_day_that_moves_past_the_expiry_is_refused_there(etape, register_people, save_etape):
    register_people("anne")
    after = typed(etape.termine_le + timedelta(days=1))
    assert save_etape(expire_at=after) == []
    later = etape.date + timedelta(days=10)
    [error] = save_etape(expire_at=after, date=later.isoformat())
    assert error.startswith("1 personne est inscrite")


def test_a_postponed_etape_without_a_new_day_has_no_expiry(etape, register_people, save_etape):
    register_people("anne")
    [error] = save_etape(expire_at=typed(etape.termine_le + timedelta(days=90)), statut="reportee")
    assert "sa nouvelle date n’est pas connue" in error


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


def test_it_is_kept_before_its_hour_so_that_its_page_never_goes(
    etape, register_people, client, django_capture_on_commit_callbacks
):
    register_people("anne")
    UserFactory(role="redaction")
    set_expiry(etape, timezone.now() + timedelta(minutes=20))
    with django_capture_on_commit_callbacks(execute=True):
        assert WORKS["etapes_attendues"].function() == 1
    etape.refresh_from_db()
    assert (etape.live, etape.expire_at, len(mail.outbox)) == (True, None, 1)


@pytest.mark.parametrize("state", ["nobody", "cancelled", "past"])
def test_an_etape_that_nobody_counts_on_leaves_at_its_hour(etape, register_people, state):
    if state != "nobody":
        register_people("anne")
    if state == "cancelled":
        etape.statut = "annulee"
    if state == "past":
        etape.date = timezone.localdate() - timedelta(days=3)
    set_expiry(etape, timezone.now() - timedelta(minutes=1))
    mail.outbox.clear()
    WORKS["etapes_attendues"].function()
    publish_scheduled()
    etape.refresh_from_db()
    assert (etape.live, etape.expired, mail.outbox) == (False, True, [])


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

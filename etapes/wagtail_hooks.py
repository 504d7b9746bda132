"""What étapes add elsewhere: to a fiche's page, the étapes where it is presented; to the admin, their list, their own
views, and the organisers' screens."""

from collections import defaultdict

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import Button
from wagtail.models import Page

from etapes import admin_urls, lots
from etapes.choix_de_fiche import approved_fiche_chooser
from etapes.inscriptions import expiration
from etapes.inscriptions.attendues import go_back_to, refuse_deletion, refuse_to_unpublish
from etapes.inscriptions.programs import DeleteUnlessExpected, UnpublishUnlessExpected
from etapes.inscriptions.publication import UNDONE, ask_each_first, ask_first, say_who_is_told, say_who_would_be_told
from etapes.models import EtapePage, PresentationDeFiche
from etapes.remarques import remarks
from etapes.viewsets import EtapeListingViewSet, etape_index_viewset, etape_viewset
from fiches import langues
from fiches.publications.version import Reach, memoize


@hooks.register("register_log_actions")
def name_what_the_history_tells(actions):
    actions.register_action(UNDONE, _("Undo a change of an étape"), _("Change of the étape undone"))


@hooks.register("register_fiche_context")
def etapes_of_a_fiche(fiche, request):
    """``{"etapes": [EtapePage]}``: the visible étapes that present ``fiche``, in road order."""
    now = timezone.now()
    known = memoize(("etapes-des-fiches", langues.current()), etapes_of_fiches, reach=Reach.EVERYWHERE)
    etapes = known.get(fiche.translation_key, [])
    return {"etapes": [etape for etape in etapes if not etape.expire_at or etape.expire_at > now]}


def etapes_of_fiches():
    """``{translation key of a fiche: [EtapePage]}``, in road order, in the language being read. Two queries."""
    etapes = EtapePage.objects.visible().in_language().on_the_road().select_related("commune")
    etapes = {etape.pk: etape for etape in etapes.defer("programme", "compte_rendu")}
    links = PresentationDeFiche.objects.filter(etape__in=list(etapes)).values_list("etape", "fiche__translation_key")
    told = defaultdict(set)
    for etape, fiche in links:
        told[etape].add(fiche)
    found = defaultdict(list)
    for pk, etape in etapes.items():
        for fiche in told[pk]:
            found[fiche].append(etape)
    return dict(found)


@hooks.register("pages_also_edited_by")
def etapes_that_they_organise(user):
    """The étapes of which one of the person's partners is an organiser."""
    return EtapePage.objects.filter(organisations__partenaire__membres=user).distinct()


@hooks.register("register_admin_viewset")
def etapes_of_the_road():
    return EtapeListingViewSet("etapes_admin")


@hooks.register("register_admin_viewset")
def etape_views():
    return [etape_viewset, etape_index_viewset]


@hooks.register("register_admin_viewset")
def choice_of_fiches():
    return approved_fiche_chooser


@hooks.register("register_admin_urls")
def organisers_addresses():
    return admin_urls.urlpatterns


@hooks.register("register_page_header_buttons")
def way_to_the_registrations(page, user, view_name, next_url=None):
    """From an étape's form to its registrations, its kit, its next year."""
    if isinstance(page, EtapePage) and page.pk and page.permissions_for_user(user).can_edit():
        address = reverse("etapes_inscriptions", args=[page.pk])
        yield Button(_("Registrations and kit"), address, icon_name="group", priority=5)


@hooks.register("before_publish_page")
def who_is_told_is_shown_first(request, page):
    return ask_first(request, page) if isinstance(page, EtapePage) else None


@hooks.register("before_edit_page")
def who_is_told_is_shown_in_the_form(request, page):
    """The étape may have been published by its date or among many: its form is where one learns it."""
    if request.method == "GET" and isinstance(page, EtapePage):
        say_who_would_be_told(request, page)
        say_who_is_told(request, page)


@hooks.register("after_decision")
def who_is_told_is_shown_after_an_approval(request, page):
    if isinstance(page, EtapePage):
        say_who_is_told(request, EtapePage.objects.get(pk=page.pk))


@hooks.register("before_bulk_action", order=-1)
def who_is_told_is_shown_before_many_are_published(request, action_type, pages, action):
    if action_type != "publish":
        return None
    pages = [page for page in pages if isinstance(page, Page)]
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        pages += [below for page in pages for below in page.get_descendants()]
    return ask_each_first(request, pages, action.next_url)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def what_may_be_overlooked(request, page):
    if isinstance(page, EtapePage):
        for remark in remarks(page):
            messages.warning(request, remark)


@hooks.register("register_actions", order=1)
def nobody_comes_for_nothing_because_of_a_program(registry):
    """The same refusals for what API v3 asks, after `fiches.wagtail_hooks`, whose action for deletions this one extends."""
    registry.register(Page, UnpublishUnlessExpected)
    registry.register(Page, DeleteUnlessExpected)


@hooks.register("before_delete_page")
def nobody_comes_for_nothing(request, page):
    """Refuses to delete an étape that has active registrations: cancelling it mails them, deleting it does not."""
    return refuse_deletion(request, [page], go_back_to(page))


@hooks.register("before_unpublish_page")
def nobody_counts_on_what_left_the_site(request, page):
    """Refuses to unpublish an étape that has active registrations."""
    return refuse_to_unpublish(request, [page], go_back_to(page), below=bool(request.POST.get("include_descendants")))


hooks.register("before_expiry", expiration.stays_online)


@hooks.register("before_bulk_confirmation")
def nobody_is_asked_to_confirm_what_is_refused(request, action_type, pages, action):
    """Refuses before the confirmation what :func:`nobody_comes_for_nothing_either` refuses after it."""
    if action_type == "delete":
        return refuse_deletion(request, pages, action.next_url)
    return refuse_to_unpublish(request, pages, action.next_url, below=False) if action_type == "unpublish" else None


@hooks.register("before_bulk_action", order=-1)
def nobody_comes_for_nothing_either(request, action_type, pages, action):
    """The same for bulk actions: refuses the whole selection, and names the étapes that have active registrations."""
    if action_type == "delete":
        return refuse_deletion(request, pages, action.next_url)
    if action_type == "unpublish":
        below = action.cleaned_form.cleaned_data["include_descendants"]
        return refuse_to_unpublish(request, pages, action.next_url, below=below)
    return None


for bulk_action in lots.ACTIONS:
    hooks.register("register_bulk_action", bulk_action, order=1000)

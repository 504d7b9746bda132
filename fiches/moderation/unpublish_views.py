"""The admin's views that take a page off the site: they say who did it already, and take a fiche or an étape off in all its
languages. That which cancels a date of publication is here too."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.pages.revisions import RevisionsUnscheduleView
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.models import Page, PageLogEntry

from fiches import content_language
from fiches.formats import moment
from fiches.models.bulk import update
from fiches.moderation.decision import date_cancelled
from fiches.moderation.permissions import may_take_offline


def versions_online(page: Page, user: AbstractUser) -> list[Page]:
    """The versions of a page, whose class has ``objects.visible()``, in other languages: those that are online and that ``user``
    may take off the site; no query on a site with one language."""
    if not content_language.is_multilingual():
        return []
    versions = type(page).objects.visible().filter(translation_key=page.translation_key, alias_of=None)
    versions = versions.exclude(pk=page.pk).order_by("pk")
    return [version for version in versions if version.permissions_for_user(user).can_unpublish()]


def names_of_languages(pages: list[Page]) -> list[str]:
    """The name of the language of each page, in that language."""
    return [content_language.autonym(content_language.language_of(page)) for page in pages]


def already_offline(page: Page) -> str:
    """The message about a page that is not online: who took it off the site, and when, if its history says so."""
    title = {"title": page.get_admin_display_title()}
    withdrawals = PageLogEntry.objects.filter(page=page.pk, action__startswith="wagtail.unpublish")
    entry = withdrawals.select_related("user").order_by("-timestamp", "-pk").first()
    if entry is None:
        return _("“%(title)s” is not online: there is nothing to take off the site.") % title
    known = {**title, "when": moment(entry.timestamp)}
    if entry.user is None:
        return _("Already done: “%(title)s” left the site on %(when)s.") % known
    text = _("Already done: %(who)s took “%(title)s” off the site on %(when)s.")
    return text % {**known, "who": get_user_display_name(entry.user)}


class InformedUnpublishView(UnpublishView):
    """Wagtail's view that takes a page off the site. Of a page that is not online, it says what happened to a user who could have
    done it."""

    page_title = gettext_lazy("Take off the site")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.object.live or not may_take_offline(self.object, request.user):
            return super().dispatch(request, *args, **kwargs)
        messages.warning(request, already_offline(self.object))
        return redirect(self.get_next_url())


class UnpublishInAllLanguagesView(InformedUnpublishView):
    """Takes a page off the site, and its versions in other languages unless the user unticks them."""

    template_name = "fiches/admin/retirer.html"

    @cached_property
    def versions(self) -> list[Page]:
        return versions_online(self.object, self.request.user)

    def get_objects_to_unpublish(self) -> list[Page]:
        pages = super().get_objects_to_unpublish()
        ticked = self.versions if self.request.POST.get("langues") else []
        return [*pages, *(page for page in ticked if page not in pages)]

    def get_success_message(self) -> str:
        others = [page for page in self.objects_to_unpublish if page != self.object]
        text = _("“%(title)s” is off the site, in these languages too: %(languages)s.")
        languages = get_text_list(names_of_languages(others), _("and"))
        known = {"title": self.object.get_admin_display_title(), "languages": languages}
        return text % known if others else super().get_success_message()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "autres_langues": names_of_languages(self.versions)}


def no_longer_scheduled(page: Page) -> str:
    """The message about a date of publication that is cancelled, or has come: who cancelled it, and when."""
    title = {"title": page.get_admin_display_title()}
    if page.live and page.scheduled_revision is None and not page.has_unpublished_changes:
        return _("The date of “%(title)s” has come: it is online. To take it off the site, unpublish it.") % title
    entries = PageLogEntry.objects.filter(page=page.pk, action="wagtail.schedule.cancel").select_related("user")
    entry = entries.order_by("-timestamp", "-pk").first()
    if entry is None or entry.user is None:
        return _("Already done: no publication of “%(title)s” is planned at that date any more.") % title
    text = _("Already done: %(who)s cancelled the date of “%(title)s” on %(when)s.")
    return text % {**title, "who": get_user_display_name(entry.user), "when": moment(entry.timestamp)}


class FicheUnscheduleView(RevisionsUnscheduleView):
    """Cancels the date of a fiche's publication, forgets it, and sends ``date_cancelled``."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "next": self.get_next_url()}  # the template's name for it

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.revision.approved_go_live_at:
            return super().dispatch(request, *args, **kwargs)
        messages.warning(request, no_longer_scheduled(self.object))
        return redirect(self.get_next_url())

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().post(request, *args, **kwargs)
        self.revision.content["go_live_at"] = None
        self.revision.save(update_fields=["content"])
        update(type(self.object).objects.filter(pk=self.object.pk), go_live_at=None)
        date_cancelled.send(type(self.object), instance=self.object, user=request.user)
        return response

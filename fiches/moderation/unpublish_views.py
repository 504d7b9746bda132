"""The admin's views that take a fiche or an étape off the site in all its languages, and that cancel a date of publication."""

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
from wagtail.admin.views.pages.revisions import RevisionsUnscheduleView
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.models import Page

from fiches import content_language
from fiches.models.bulk import update
from fiches.moderation.decision import already_decided


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


class UnpublishInAllLanguagesView(UnpublishView):
    """Takes a page off the site, and its versions in other languages unless the user unticks them."""

    page_title = gettext_lazy("Take off the site")

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


class FicheUnscheduleView(RevisionsUnscheduleView):
    """Cancels the date of a fiche's publication, and forgets it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "next": self.get_next_url()}  # the template's name for it

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.revision.approved_go_live_at:
            return super().dispatch(request, *args, **kwargs)
        messages.warning(request, already_decided(None))
        return redirect(self.get_next_url())

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().post(request, *args, **kwargs)
        self.revision.content["go_live_at"] = None
        self.revision.save(update_fields=["content"])
        update(type(self.object).objects.filter(pk=self.object.pk), go_live_at=None)
        return response

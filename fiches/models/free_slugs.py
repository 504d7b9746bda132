"""The base of the pages' forms: chooses a free slug for a page that was never published, and checks the dates of publication."""

import re
from itertools import count
from typing import Any

from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminPageForm

from fiches.models.chosen_media import ChosenMediaForm
from fiches.models.plausible_dates import year_errors


class FreeSlugForm(ChosenMediaForm, WagtailAdminPageForm):
    """Form of a page. While the page was never published, a slug that another page has is replaced by a free one (``le-four-2``),
    so that drafts are always saved. A slug that was typed, not made from the title, is still refused when the page is submitted.
    A draft without a slug has one made from its title: a browser makes it once the title is left."""

    def defer_required_fields(self) -> None:
        super().defer_required_fields()
        if "slug" in self.fields and "slug" not in self.deferred_required_fields:
            self.fields["slug"].required = False
            self.deferred_required_fields.append("slug")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, error in year_errors(**{name: cleaned.get(name) for name in ("go_live_at", "expire_at")}).items():
            self.add_error(name, error)
        return cleaned

    def clean_slug(self) -> str:
        page = self.instance
        slug = self.cleaned_data["slug"] or page.slug or self._slug_of_title()
        if page.pk and (page.live or page.first_published_at):
            return slug
        siblings = self.parent_page.get_children()
        if page.pk:
            siblings = siblings.not_page(page)
        taken = set(siblings.filter(slug__startswith=slug).values_list("slug", flat=True))
        if slug not in taken:
            return slug
        is_typed = _letters(slug) != _letters(self.cleaned_data.get("title", ""))
        if is_typed and not self.is_deferred_validation:
            return slug
        if page.pk and re.fullmatch(rf"{re.escape(slug)}-[0-9]+", page.slug):
            return page.slug  # the form is still open with the slug that it had before the first save
        return next(free for number in count(2) if (free := f"{slug[:240]}-{number}") not in taken)

    def _slug_of_title(self) -> str:
        return slugify(self.cleaned_data.get("title", "")) or slugify(self._meta.model._meta.verbose_name)


def _letters(text: str) -> str:
    return slugify(text).replace("-", "")

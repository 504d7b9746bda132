"""Tells the staff where the texts of a fiche still name a contact who takes back the agreement to be named."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fiches.admin.page_revisions import at_revision
from fiches.candidatures.consentements import fiches_of
from fiches.candidatures.models import Dossier
from fiches.candidatures.signatures import names_of, signatures_of, with_signatures
from fiches.models import FichePage
from fiches.upkeep.personal_data.person import Person

# Texts that a withdrawal leaves as they are: only people can write a sentence anew.
TEXTS = ("title", "chapo", "corps")


def texts_naming_contact(dossier: Dossier) -> list[SafeString]:
    """A sentence with a link to the form for each fiche of the dossier, and each of its texts, that names the contact."""
    places = []
    for page in fiches_of(dossier):
        person = Person(names={page.contact_nom, dossier.reponses.get("contact_nom") or ""})
        signed = signatures_of(page, names_of(dossier, page))["blocs"]
        emptied = {block: dict.fromkeys(texts, "") for block, texts in signed.items()}
        versions = (page, at_revision(page, page.latest_revision)) if page.latest_revision else (page,)
        for name in TEXTS:
            if any(person.is_in(_text(version, name, emptied)) for version in versions):
                places.append(
                    format_html(
                        _(
                            'The text “{column}” of <a href="{address}">{title}</a> names this person: correct it by hand.'
                        ),
                        column=getattr(FichePage, name).field.verbose_name,
                        address=reverse("wagtailadmin_pages:edit", args=[page.pk]),
                        title=page.get_admin_display_title(),
                    )
                )
    return places


def _text(page: FichePage, name: str, emptied: dict[str, dict[str, str]]) -> Any:
    """The value of a text, without the signatures that the withdrawal removes by itself."""
    value = getattr(page, name)
    return with_signatures(value.get_prep_value(), emptied) if name == "corps" else value

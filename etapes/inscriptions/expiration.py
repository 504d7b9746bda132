"""Expiry dates of étapes: an étape that people are registered for does not expire before its end."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from wagtail.models import Page
from wagtail.permissions import policy_registry

from etapes.inscriptions.registration_guard import online_with_registrations
from etapes.models import EtapePage
from fiches import content_language
from fiches.formats import moment
from fiches.mail import outbox
from fiches.mail.wordings import Wording, register_letter
from fiches.models.bulk import update
from fiches.models.revisions import rewrite_revisions
from fiches.upkeep.periodic import for_each, register_periodic

LETTER = "etape_reste_en_ligne"
WORDING = Wording(
    gettext_lazy("To the staff: an étape stays online after its expiry date"),
    ("etape", "personnes", "adresse"),
    ("etape",),
)
# How long before an expiry it is checked, so that the page is not unpublished even for a minute.
AHEAD = timedelta(hours=1)


def expiry_refusal(etape: EtapePage) -> str:
    """The error message about the expiry date of ``etape`` (a form's instance); "" when the date is fine."""
    number = etape.inscrits.active().count() if etape.pk and etape.expire_at and not etape.annulee else 0
    if not number or etape.passee or (not etape.attend_sa_date and etape.expire_at >= etape.termine_le):
        return ""
    people = ngettext("%(number)s person is registered:", "%(number)s people are registered:", number)
    until = (
        _("the étape stays online, since its new day is not known. Leave this field empty.")
        if etape.attend_sa_date or etape.termine_le is None
        else _("the étape stays online until its end, %(end)s. Choose a later moment, or leave this field empty.")
        % {"end": moment(etape.termine_le)}
    )
    instead = _("To tell these people by mail, set the étape to “cancelled”.")
    return f"{people % {'number': number}} {until} {instead}"


def keep_expected_online() -> int:
    """Periodic: removes the expiry date of each étape, or page above one, that is about to expire while people are registered.

    :returns: the number of pages kept online.
    """
    due = Page.objects.filter(live=True, expire_at__lt=timezone.now() + AHEAD)
    return for_each([page for page in due.specific() if online_with_registrations([page])], stays_online)


def stays_online(page: Page) -> bool:
    """Hook ``before_expiry``: returns True, and removes the expiry date, if ``page`` is, or is above, an étape with
    registrations."""
    etapes = online_with_registrations([page])
    if etapes:
        _keep(page, etapes[0])
    return bool(etapes)


@transaction.atomic
def _keep(page: Page, etape: EtapePage) -> None:
    """Removes the expiry date from ``page`` and its revisions, and mails the people who may publish ``etape``."""
    for person in _people_in_charge(etape):
        outbox.post(
            f"{LETTER}:{page.pk}:{page.expire_at.isoformat()}:{person.pk}",
            modele=LETTER,
            destinataires=[person.email],
            contexte=_mail_context(page, etape),
        )
    rewrite_revisions(page, lambda revision: {**revision.content, "expire_at": None})
    update(type(page).objects.filter(pk=page.pk), expire_at=None)


def _mail_context(page: Page, etape: EtapePage) -> dict[str, str]:
    with override(content_language.default_language()):
        people = ngettext("%(number)s person is registered", "%(number)s people are registered", etape.attendus)
        address = outbox.admin_url(reverse("etapes_inscriptions", args=[etape.pk]))
        return {"etape": page.title, "personnes": people % {"number": etape.attendus}, "adresse": address}


def _people_in_charge(etape: EtapePage) -> QuerySet:
    people = policy_registry.get_by_type(Page).users_with_permission_for_instance("publish", etape)
    return get_user_model().objects.filter(pk__in=people.values("pk"), is_active=True).exclude(email="").order_by("pk")


def register() -> None:
    """Registers the mail and the periodic work. Called from ``AppConfig.ready()``."""
    register_letter(LETTER, WORDING)
    register_periodic("etapes_attendues", keep_expected_online, every=timedelta(minutes=1))

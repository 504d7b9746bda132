"""What is kept too long goes: each room says what that is, `manage.py retention` and the periodic work take it."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import ModelLogEntry, Page

from fiches.models import Courriel, Importation, Partenaire
from fiches.models.bulk import update
from fiches.models.importation import WORKING
from fiches.upkeep.periodic import for_each
from fiches.upkeep.personal_data.accounts import forget_account

MAILS = timedelta(days=90)
# How long the rows of an import are kept, and so how long it can be undone.
IMPORTS = timedelta(days=180)
# How long an account, of the staff, of a partner or of the jury, is kept without a log-in.
ACCOUNTS = timedelta(days=730)
# How long the contact of a partner that no public page names is kept without a change of its record.
PARTNERS_CONTACTS = timedelta(days=3 * 365)
# How long a confirmed subscription by mail holds: past that, the person may ask for it again.
SUBSCRIPTIONS = timedelta(days=3 * 365)


class Kept(NamedTuple):
    """``find(now)`` returns a queryset of what is too old; ``erase(thing)`` takes one of them away; ``tell(thing)`` names
    it to the operator."""

    label: str
    find: Callable
    erase: Callable | None = None
    tell: Callable | None = None


KEPT: list[Kept] = []


def register_retention(label, find, *, erase=None, tell=None):
    """Without ``erase``, the queryset deletes them all at once; without ``tell``, only their number is said."""
    KEPT.append(Kept(label, find, erase, tell))


def too_old(now=None):
    """``[(Kept, queryset)]`` of all rooms."""
    now = now or timezone.now()
    return [(kept, kept.find(now)) for kept in KEPT]


def delete_too_old(now=None):
    """Returns how many things went. A room that fails keeps no other's from going, and is logged by its label."""
    rooms = {f"{number}. {kept.label}": (kept, found) for number, (kept, found) in enumerate(too_old(now), start=1)}
    numbers = []
    for_each(rooms, lambda label: numbers.append(_delete(*rooms[label])))
    return sum(numbers)


def _delete(kept, found):
    number = found.count()
    if kept.erase:
        for thing in found:
            kept.erase(thing)
    else:
        found.delete()
    return number


def old_mails(now):
    return Courriel.objects.filter(cree__lt=now - MAILS)


def register_own():
    """What the core keeps of persons. Called once, when Django starts."""
    register_retention(_("mails"), old_mails)
    register_retention(_("rows of imports"), old_imports, erase=forget_import, tell=_name_of_import)
    register_retention(_("contacts of partners"), old_contacts, erase=forget_partners_contact, tell=str)
    register_retention(_("accounts that nobody uses"), unused_accounts, erase=forget_account, tell=_name_of_account)


def old_imports(now):
    return Importation.objects.exclude(etat__in=WORKING).filter(cree__lt=now - IMPORTS)


def forget_import(importation):
    if importation.archive:
        importation.archive.delete(save=False)
    importation.delete()


def _name_of_import(importation):
    return f"import {importation.pk} {importation.cree:%Y-%m-%d}"


def old_contacts(now):
    """The partners with a contact that no public page names and whose record nobody changed for long."""
    kind = ContentType.objects.get_for_model(Partenaire)
    recent = ModelLogEntry.objects.filter(content_type=kind, timestamp__gte=now - PARTNERS_CONTACTS)
    used = _named_by_public_pages() | {int(pk) for pk in recent.values_list("object_id", flat=True)}
    nobody = Q(contact_nom="", contact_courriel="", contact_telephone="")
    return Partenaire.objects.exclude(nobody).exclude(pk__in=used)


def _named_by_public_pages():
    """The keys of the partners that a live page, or a row of one, refers to."""
    found = set()
    for relation in Partenaire._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        parent = next((field.name for field in model._meta.local_fields if isinstance(field, ParentalKey)), "")
        if parent or issubclass(model, Page):
            live = {f"{parent}__live" if parent else "live": True, f"{name}__isnull": False}
            found.update(model._base_manager.filter(**live).values_list(name, flat=True))
    return found


def forget_partners_contact(partenaire):
    names = ("contact_nom", "contact_fonction", "contact_telephone", "contact_courriel")
    update(Partenaire.objects.filter(pk=partenaire.pk), **dict.fromkeys(names, ""), contact_public=False)


def unused_accounts(now):
    """Those of nobody who logged in lately; an administrator's is never taken, or nobody could come in."""
    last = Coalesce("last_login", "date_joined")
    found = get_user_model()._default_manager.filter(is_superuser=False).exclude(email="", is_active=False)
    return found.alias(last_seen=last).filter(last_seen__lt=now - ACCOUNTS)


def _name_of_account(user):
    return f"compte {user.pk}"

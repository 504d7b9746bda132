"""Data retention: each app registers what to delete when; `manage.py retention` and the periodic work delete it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import ModelLogEntry, Page

from fiches.models import Courriel, Echeance, Importation, Partenaire
from fiches.models.bulk import update
from fiches.models.importation import WORKING
from fiches.upkeep.periodic import for_each

# How long data are kept: mails, since they were written.
MAILS = timedelta(days=90)
# Rows of an import, and so the time in which it can be undone.
IMPORTS = timedelta(days=180)
# Accounts (staff, partners, jury), since their last log-in or call of the API.
ACCOUNTS = timedelta(days=730)
# Contacts of partners that no public page names, since the last change of the record.
PARTNERS_CONTACTS = timedelta(days=3 * 365)
# Confirmed mail subscriptions; afterwards the person may subscribe again.
SUBSCRIPTIONS = timedelta(days=3 * 365)

# Models whose rows are deleted with an account.
ACCOUNT_MODELS = ("account.EmailAddress", "mfa.Authenticator", "wagtailusers.UserProfile")


# Name of the row of Echeance that stores when old records were last deleted.
LAST_TIME = "conservation faite"
# After a longer gap than this, the site was stopped for long, or the machine's date is wrong.
MAX_GAP = timedelta(days=30)


class WrongClock(Exception):  # noqa: N818 - as Wagtail and ours name what is refused
    """The machine's date is not plausible; the message says why, and what to do."""


class RetentionRule(NamedTuple):
    """What :func:`register_retention` registers."""

    label: str
    find: Callable
    erase: Callable | None = None
    describe: Callable | None = None


RULES: list[RetentionRule] = []


def register_retention(
    label: Any,
    find: Callable[..., Any],
    *,
    erase: Callable[..., Any] | None = None,
    describe: Callable[..., Any] | type | None = None,
) -> None:
    """Registers a retention rule; called from ``AppConfig.ready()``.

    :param label: what the rule deletes, for the operator: a lazy translation.
    :param find: ``find(now)`` returns the queryset of what is too old.
    :param erase: ``erase(row)`` deletes or anonymises a row; by default the queryset is deleted.
    :param describe: ``describe(row)`` names a row for the operator, without personal data; by default only the number is shown.
    """
    RULES.append(RetentionRule(label, find, erase, describe))


def too_old(now: datetime | None = None) -> list[tuple[RetentionRule, QuerySet]]:
    """Returns each rule with what is too old by it."""
    now = now or timezone.now()
    return [(rule, rule.find(now)) for rule in RULES]


def delete_too_old(now: datetime | None = None) -> int:
    """Applies all rules to all rows, even if some fail; returns how many rows were deleted.

    :raises ExceptionGroup: when rules failed, which are logged by their label, and the rows by their key.
    """
    rules = {f"{number}. {rule.label}": (rule, rows) for number, (rule, rows) in enumerate(too_old(now), start=1)}
    numbers = []
    for_each(rules, lambda label: numbers.append(_delete(*rules[label])))
    return sum(numbers)


def delete_when_due(*, believe: bool = False) -> int:
    """Periodic work: :func:`delete_too_old`, unless the machine's date is so far from the last time that it may be wrong.

    :param believe: a person checked the date.
    :raises WrongClock: more than :data:`MAX_GAP` after the last time (after the latest migration, the first time); nothing is deleted.
    """
    now = timezone.now()
    last = Echeance.objects.filter(nom=LAST_TIME).values_list("prochaine", flat=True).first()
    last = last or MigrationRecorder.Migration.objects.aggregate(latest=Max("applied"))["latest"] or now
    if not believe and now > last + MAX_GAP:
        message = _(
            "This machine's clock says %(now)s, but the site last deleted old records at %(last)s. If the clock is right, say so once:"
            " manage.py retention --horloge-juste"
        )
        raise WrongClock(message % {"now": f"{now:%Y-%m-%d %H:%M}", "last": f"{last:%Y-%m-%d %H:%M}"})
    Echeance.objects.update_or_create(nom=LAST_TIME, defaults={"prochaine": now})
    return delete_too_old(now)


def _delete(rule: RetentionRule, rows: QuerySet) -> int:
    number = rows.count()
    if rule.erase:
        by_key, erase = {row.pk: row for row in rows}, transaction.atomic(rule.erase)  # a row wholly, or not
        for_each(by_key, lambda key: erase(by_key[key]))
    else:
        rows.delete()
    return number


def old_imports(now: datetime) -> QuerySet:
    """The ended imports that are older than :data:`IMPORTS`."""
    return Importation.objects.exclude(etat__in=WORKING).filter(cree__lt=now - IMPORTS)


def name_of_import(importation: Importation) -> str:
    """The name of an import in the log of what was deleted: no text of the list."""
    return f"import {importation.pk} {importation.cree:%Y-%m-%d}"


def old_contacts(now: datetime) -> QuerySet:
    """Returns the partners with a contact that no live page refers to, and whose record was not changed for long."""
    kind = ContentType.objects.get_for_model(Partenaire)
    recent = ModelLogEntry.objects.filter(content_type=kind, timestamp__gte=now - PARTNERS_CONTACTS)
    used = _named_by_public_pages() | {int(pk) for pk in recent.values_list("object_id", flat=True)}
    nobody = Q(contact_nom="", contact_courriel="", contact_telephone="")
    return Partenaire.objects.exclude(nobody).exclude(pk__in=used)


def _named_by_public_pages() -> set[int]:
    """Returns the primary keys of the partners that a live page, or a child row of one, refers to."""
    keys: set[int] = set()
    for relation in Partenaire._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        parent = next((field.name for field in model._meta.local_fields if isinstance(field, ParentalKey)), "")
        if parent or issubclass(model, Page):
            live = {f"{parent}__live" if parent else "live": True, f"{name}__isnull": False}
            keys.update(model._base_manager.filter(**live).values_list(name, flat=True))
    return keys


def forget_partners_contact(partenaire: Partenaire) -> None:
    names = ("contact_nom", "contact_fonction", "contact_telephone", "contact_courriel")
    update(Partenaire.objects.filter(pk=partenaire.pk), **dict.fromkeys(names, ""), contact_public=False)


def unused_accounts(now: datetime) -> QuerySet:
    """Returns the accounts without a log-in for long; never a superuser's, or nobody could log in any more."""
    last = Coalesce("last_login", "date_joined")
    accounts = get_user_model()._default_manager.filter(is_superuser=False).exclude(email="", is_active=False)
    return accounts.alias(last_seen=last).filter(last_seen__lt=now - ACCOUNTS)


def forget_account(user: AbstractUser) -> None:
    """Anonymises and deactivates an account. Its row stays, since decisions refer to it."""
    user.username, user.email, user.first_name, user.last_name = f"efface-{user.pk}", "", "", ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
    for label in ACCOUNT_MODELS:
        if label.partition(".")[0] in apps.app_configs:
            for row in apps.get_model(label)._default_manager.filter(user=user):
                if getattr(row, "avatar", None):
                    row.avatar.delete(save=False)
                row.delete()


register_retention(_("mails"), lambda now: Courriel.objects.filter(cree__lt=now - MAILS))
register_retention(_("contacts of partners"), old_contacts, erase=forget_partners_contact, describe=str)
register_retention(
    _("accounts that nobody uses"), unused_accounts, erase=forget_account, describe=lambda user: f"compte {user.pk}"
)

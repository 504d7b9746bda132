"""Ends sessions when the user's permissions change.

Django itself ends the sessions when the password changes (it stores a hash of it in each session).
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.utils import timezone

RIGHTS = ("is_active", "is_staff", "is_superuser")
CHANGES = {"post_add", "post_remove", "pre_clear"}


def close_sessions(users: set[Any]) -> None:
    """Deletes the sessions of the users with these pks. Reads all sessions, which are few: visitors have none."""
    keys = {str(pk) for pk in users}
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") in keys:
            session.delete()


def connect() -> None:
    """Connects the signals. Called from ``AppConfig.ready()``."""
    user = get_user_model()
    for through in (user.groups.through, user.user_permissions.through):
        m2m_changed.connect(_role_changed, sender=through, dispatch_uid=f"sessions_{through.__name__}")
    pre_save.connect(_about_to_be_saved, sender=user, dispatch_uid="sessions_before")
    post_save.connect(_saved, sender=user, dispatch_uid="sessions_after")


def _role_changed(instance: Any, action: str, reverse: bool, pk_set: set | None, **kw: Any) -> None:
    if action not in CHANGES or pk_set == set():  # nothing that the person had not already
        return
    if not reverse:
        close_sessions({instance.pk})
    else:
        close_sessions(pk_set if pk_set is not None else {*instance.user_set.values_list("pk", flat=True)})


def _about_to_be_saved(sender: type[AbstractUser], instance: AbstractUser, raw: bool = False, **kwargs: Any) -> None:
    if instance.pk and not raw:
        before = sender.objects.filter(pk=instance.pk).values_list(*RIGHTS).first()
        instance._rights_changed = before not in (None, _rights(instance))  # type: ignore[attr-defined]


def _saved(sender: type[AbstractUser], instance: AbstractUser, **kwargs: Any) -> None:
    if instance.__dict__.pop("_rights_changed", False):
        close_sessions({instance.pk})


def _rights(user: AbstractUser) -> tuple[bool, ...]:
    return tuple(getattr(user, name) for name in RIGHTS)

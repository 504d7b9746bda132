"""The bin keeps a deleted fiche for thirty days, with all that it held, and gives it back as a draft at its own address.

A fiche that goes for a person's sake, or by retention, doesn't stay there: see :func:`for_good`.
"""

import json
import re
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F, Q
from django.db.models.signals import pre_delete
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.models import get_all_child_relations
from wagtail.log_actions import log
from wagtail.models import Page

from fiches.models import FicheIndexPage, FichePage, FicheSupprimee
from fiches.upkeep.retention import register_retention

KEPT = timedelta(days=30)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
OF_THE_TREE = (
    "path",
    "depth",
    "numchild",
    "live",
    "live_revision",
    "latest_revision",
    "alias_of",
    "locked",
    "locked_by",
)

_for_good = ContextVar("corbeille_for_good", default=False)


@contextmanager
def for_good():
    """What is deleted meanwhile is not kept: an undone import, an erased person."""
    token = _for_good.set(True)
    try:
        yield
    finally:
        _for_good.reset(token)


class Tie(NamedTuple):
    """What a room above holds of a fiche and loses when it goes: ``find(fiche)`` gives what is noted (JSON; None: nothing),
    ``mend(fiche, noted)`` ties the restored fiche again, ``addresses(noted)`` are those of persons in it."""

    find: Callable
    mend: Callable
    addresses: Callable


TIES: dict[str, Tie] = {}


def register_tie(name, find, *, mend, addresses=lambda noted: []):
    TIES[name] = Tie(find, mend, addresses)


def connect():
    """Called once, when Django starts."""
    pre_delete.connect(keep, sender=FichePage, dispatch_uid="corbeille_keep")
    register_retention(gettext_lazy("deleted fiches"), too_old)


def keep(sender, instance, **kwargs):
    """Receiver, whatever deletes the fiche: the form, a bulk action, the API, a command."""
    if _for_good.get():
        return
    latest = instance.get_latest_revision_as_object()
    ties = {name: noted for name, tie in TIES.items() if (noted := tie.find(instance)) is not None}
    content = json.loads(json.dumps(latest.serializable_data(), cls=DjangoJSONEncoder))
    FicheSupprimee.objects.update_or_create(
        page=instance.pk,
        defaults={
            "titre": latest.title,
            "organisation": latest.organisation,
            "proprietaire": instance.owner,
            "parent": Page.objects.filter(path=instance.path[: -Page.steplen]).values_list("pk", flat=True).get(),
            "etait_en_ligne": instance.live,
            "contenu": content,
            "attaches": ties,
            "courriels": addresses(content, ties),
            "supprimee_par": None,
            "supprimee_le": timezone.now(),
        },
    )


def addresses(content, ties):
    found = set(EMAIL.findall(json.dumps(content, ensure_ascii=False)))
    for name, noted in ties.items():
        found.update(TIES[name].addresses(noted))
    return f"|{'|'.join(sorted(address.lower() for address in found))}|" if found else ""


def signed(pks, *, by):
    """Who deleted these, once it is done."""
    FicheSupprimee.objects.filter(page__in=pks).update(supprimee_par=by)


def seen_by(user):
    """All of them for who changes the fiches of the list; one's own for the others."""
    index = FicheIndexPage.objects.first()
    if index and index.permissions_for_user(user).can_edit():
        return FicheSupprimee.objects.all()
    return FicheSupprimee.objects.filter(Q(proprietaire=user) | Q(supprimee_par=user))


@transaction.atomic
def restore(kept, *, by):
    """The fiche, a draft again, under its own key and, as far as it is free, at its own address.

    :raises ValidationError: in words, why it can't be.
    """
    kept = FicheSupprimee.objects.select_for_update().filter(pk=kept.pk).first()
    if kept is None or Page.objects.filter(pk=kept.page).exists():
        raise ValidationError(_("It is back already."))
    parent = FicheIndexPage.objects.filter(pk=kept.parent).first() or FicheIndexPage.objects.first()
    if parent is None:
        raise ValidationError(_("There is no list of fiches to put it back into."))
    fiche = FichePage.from_serializable_data(_alive(kept.contenu), check_fks=True, strict_fks=False)
    if fiche is None:
        raise ValidationError(_("What it needs is no longer there."))
    fiche.live, fiche.has_unpublished_changes, fiche.owner = False, True, kept.proprietaire
    fiche.slug = free_slug(parent, fiche.slug)
    _put_back(fiche, parent, kept.page)
    fiche.save_revision(user=by)
    log(instance=fiche, action="wagtail.create", user=by)
    for name, noted in kept.attaches.items():
        if name in TIES:
            TIES[name].mend(fiche, noted)
    kept.delete()
    return fiche


def _put_back(fiche, parent, pk):
    """Under the key that it had, which the API and the partners know it by: Wagtail gives a new page a new one. Its row
    among the pages comes first, then its own; then it is saved as any page is."""
    last = parent.get_last_child()
    fiche.path = last._inc_path() if last else Page._get_path(parent.path, parent.depth + 1, 1)
    fiche.depth, fiche.numchild = parent.depth + 1, 0
    fiche.pk = fiche.id = fiche.page_ptr_id = pk
    fiche.content_type, fiche.draft_title = ContentType.objects.get_for_model(FichePage), fiche.title
    fiche.url_path = f"{parent.url_path}{fiche.slug}/"
    Page.objects.bulk_create([Page(**{f.attname: getattr(fiche, f.attname) for f in Page._meta.concrete_fields})])
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + 1)
    fiche._state.adding = True
    fiche.save_base(raw=True)
    fiche.save()


def _alive(content):
    """Without what the tree and the publication decide anew. The rows of child tables are new ones, of nobody yet: one that
    named its fiche, which isn't there, would be dropped."""
    return _with_new_rows(FichePage, {name: value for name, value in content.items() if name not in OF_THE_TREE})


def _with_new_rows(model, content):
    """The rows of its child tables, and theirs: the answers to a comment."""
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        content[name] = [
            _with_new_rows(
                relation.related_model,
                {field: value for field, value in {**row, "pk": None}.items() if field != relation.field.name},
            )
            for row in content.get(name, ())
        ]
    return content


def free_slug(parent, slug):
    taken = set(parent.get_children().filter(slug__startswith=slug).values_list("slug", flat=True))
    number, found = 1, slug
    while found in taken:
        number += 1
        found = f"{slug}-{number}"
    return found


def too_old(now):
    return FicheSupprimee.objects.filter(supprimee_le__lt=now - KEPT)


def of_person(courriel):
    return FicheSupprimee.objects.filter(courriels__contains=f"|{courriel.lower()}|")


def told(kept):
    """What its person gets of it."""
    return {"titre": kept.titre, "organisation": kept.organisation, "supprimee_le": kept.supprimee_le.isoformat()}

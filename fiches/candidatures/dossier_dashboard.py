"""The dossiers' lines on the dashboard, and the address of an innovation's screen."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractUser
from django.urls import reverse
from django.utils.translation import ngettext

from fiches.admin.dashboard import DashboardLine, register_lines
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.models import FichePage, RelectureTask


def register() -> None:
    register_lines(dashboard_lines)


def dossier_address(fiche: FichePage, user: AbstractUser) -> str | None:
    """The address of the screen of the dossier from which a fiche was made, for users who may see it."""
    if not user.has_perm("rallynov_candidatures.view_dossier"):
        return None
    pk = Dossier.objects.sent().filter(fiche=fiche.pk).values_list("pk", flat=True).first()
    return reverse("dossiers:detail", args=[pk]) if pk else None


def dashboard_lines(user: AbstractUser) -> Iterator[DashboardLine]:
    """Yields the dashboard's lines for ``user``; none without the permission to view dossiers."""
    if not user.has_perm("rallynov_candidatures.view_dossier"):
        return
    sent = Dossier.objects.sent().with_etat()
    number = sent.filter(etat=Etat.RECU).count() if reads_dossiers(user) else 0
    label = ngettext("dossier to be read", "dossiers to be read", number)
    yield DashboardLine(label, number, f"{reverse('dossiers:index')}?etat={Etat.RECU}")


def reads_dossiers(user: AbstractUser) -> bool:
    """Whether ``user`` may give a dossier its first reading."""
    return user.is_superuser or RelectureTask.objects.filter(active=True, groups__user=user.pk).exists()

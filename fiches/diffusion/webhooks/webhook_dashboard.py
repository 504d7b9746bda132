"""The dashboard's line of the webhooks that are paused."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractUser
from django.urls import reverse
from django.utils.translation import ngettext

from fiches.admin.dashboard import CountedLine
from fiches.diffusion.models import Webhook


def lines(user: AbstractUser) -> Iterator[CountedLine]:
    if user.has_perm("rallynov_diffusion.view_webhook"):
        yield CountedLine(
            "a_mender",
            lambda number: ngettext("webhook is paused", "webhooks are paused", number),
            Webhook.objects.paused(),
            reverse("webhooks:index"),
        )

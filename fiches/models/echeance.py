"""When each periodic work is due next."""

from typing import Any

from django.db import models
from django.utils import timezone


class Echeance(models.Model):
    """The next date of a periodic work, written by `fiches.upkeep.periodic`. Other modules keep dates of their own here, under
    other names: the last look at the clock, failures, the last backup."""

    nom = models.CharField(primary_key=True, max_length=60)
    prochaine = models.DateTimeField(default=timezone.now)

    def __str__(self) -> Any:
        return self.nom

"""When each periodic work is due next; written by `fiches.upkeep.periodic`. A row named otherwise is a memory of who names it: when
the clock was last looked at, when the site was last saved."""

from django.db import models
from django.utils import timezone


class Echeance(models.Model):
    nom = models.CharField(primary_key=True, max_length=60)
    prochaine = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.nom

"""Which group of users has which role: groups are found by the role's key, since a host's staff may rename them."""

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

# A role's key is also the first name of its group. The jury's has no permission, not even access to the admin.
REDACTION, MODERATION, PARTENAIRES, JURY = "Rédaction", "Modération", "Partenaires", "Jury"


class RoleGroup(models.Model):
    """The group of a role (see `fiches.moderation.roles`)."""

    key = models.CharField(max_length=60, primary_key=True)
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "role group"
        permissions = [("gerer_donnees_personnelles", _("Find, export and erase a person’s data"))]

    def __str__(self) -> str:
        return self.key

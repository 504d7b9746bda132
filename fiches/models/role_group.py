"""Which group of users has which role: groups are found by the role's key, since a host's staff may rename them; and the rules that are
added to the permission policy of a model. That policy, Wagtail's or a host's own, decides everything else."""

from typing import Any

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail.permissions import policy_registry, register_permission_policy

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


def add_rules(rules: type, model: type[Model]) -> None:
    """Puts the methods of the class ``rules`` before those of the policy of ``model``, which they reach by ``super()``.

    Called when Django starts, and once all apps have registered their policies: it does nothing if the rules are there already.
    """
    policy = policy_registry.get_by_type(model)
    if isinstance(policy, rules):
        return
    added: Any = object.__new__(type(rules.__name__, (rules, type(policy)), {}))
    vars(added).update(vars(policy))
    holder = next(each for each in model.__mro__ if each in policy_registry.values_by_class)
    register_permission_policy(holder, added)

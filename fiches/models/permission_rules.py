"""Adds rules to the permission policy of a model. The policy that is in force, Wagtail's or a host's own, decides everything else."""

from typing import Any

from django.db.models import Model
from wagtail.permissions import policy_registry, register_permission_policy


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

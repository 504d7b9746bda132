"""The system check of the database, at `manage.py check --database default` and at each `migrate`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as Caution
from django.db import DEFAULT_DB_ALIAS, connections

from fiches.models.territoire import Commune
from fiches.territoire.territory import territory


@register(Tags.database, "rallynov")
def communes_are_the_territorys(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Checks that the database holds the communes of the territory."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    if Commune._meta.db_table not in connections[DEFAULT_DB_ALIAS].introspection.table_names():
        return []
    wanted = set(territory().departements)
    loaded = set(Commune.objects.order_by().values_list("departement", flat=True).distinct())
    if wanted <= loaded:
        return []
    text = (
        f"The database holds the communes of {', '.join(sorted(loaded))}, and RALLYNOV_TERRITOIRE names "
        f"{', '.join(sorted(wanted))}. Correct the variable, or run `manage.py territoire`."
    )
    return [Caution(text, id="rallynov.W002")]

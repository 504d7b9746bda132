"""The parameters ``id``, ``uid``, ``exemple`` and ``champs``, which lists of the API take beside their filters."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fiches.diffusion.api.openapi_parameters import CHOICE
from fiches.diffusion.api.problems import QueryError, in_language_of
from fiches.query import parsers

# Upper bound of an id: the integers that JavaScript represents exactly.
MAX_ID = 2**53

REFERENCE = "#/components/schemas/"


class Choice:
    """The parameters that select items of a list and keys of each item. They are removed from ``request.GET``.

    :param shape: the schema of an item, whose keys ``champs`` may name.
    :param more: further keys that it may name.
    :param names: the names in :data:`~fiches.diffusion.api.openapi_parameters.CHOICE` that the list takes.
    :raises QueryError: with a message for each invalid parameter.
    """

    def __init__(
        self, request: Any, shape: Any, names: Iterable[str] = tuple(CHOICE), more: Iterable[str] = ()
    ) -> None:
        self.keys_of_shape = [*shape.model_fields, *more] if shape else []
        self.id = self.uid = self.champs = None
        self.exemple: bool | None = None
        self.parameters, errors, rest = [], {}, request.GET.copy()
        with in_language_of(request):
            for name in names:
                try:
                    if texts := parsers.cleaned_values(rest.pop(name, [])):
                        setattr(self, name, getattr(self, f"_read_{name}")(texts))
                        self.parameters += [(name, text) for text in texts]
                except ValueError as error:
                    errors[name] = str(error)
        request.GET = rest
        if errors:
            raise QueryError(errors)

    def _read_id(self, texts: list[str]) -> list[int]:
        texts = _not_too_many([part for text in texts for part in text.split(",")])
        if wrong := [text for text in texts if not (text.isascii() and text.isdigit() and int(text) < MAX_ID)]:
            raise ValueError(_("“%(text)s” is not a number.") % {"text": parsers.shown(wrong[0])})
        return [int(text) for text in texts]

    def _read_uid(self, texts: list[str]) -> list[UUID]:
        texts = _not_too_many([part for text in texts for part in text.split(",")])
        try:
            return [UUID(text) for text in texts]
        except ValueError:
            raise ValueError(_("This is not an identifier: take it from “uid”.")) from None

    def _read_exemple(self, texts: list[str]) -> bool:
        text = parsers.only(texts)
        if text not in ("0", "1"):
            raise ValueError(_("“%(text)s” is neither 0 nor 1.") % {"text": parsers.shown(text)})
        return text == "1"

    def _read_champs(self, texts: list[str]) -> set[str]:
        wanted = [part.strip() for text in texts for part in text.split(",") if part.strip()]
        if unknown := [name for name in wanted if name not in self.keys_of_shape]:
            known = {"text": parsers.shown(unknown[0]), "known": ", ".join(self.keys_of_shape)}
            raise ValueError(_("There is no key “%(text)s”: choose among %(known)s.") % known)
        return set(wanted)

    def narrow(self, rows: QuerySet, *, uid: str = "translation_key", exemple: str = "exemple") -> QuerySet:
        """Filters a queryset by ``id``, ``uid`` and ``exemple``; ``uid`` and ``exemple`` name its columns."""
        if self.id is not None:
            rows = rows.filter(pk__in=self.id)
        if self.uid is not None:
            rows = rows.filter(**{f"{uid}__in": self.uid})
        return rows if self.exemple is None else rows.filter(**{exemple: self.exemple})

    def conditions(self, model: Any) -> dict[str, Q]:
        """Returns ``{parameter: condition on Publication}`` for the pages of ``model``, which has a field ``exemple``."""
        conditions = {}
        if self.id is not None:
            conditions["id"] = Q(object_id__in=self.id)
        if self.uid is not None:
            conditions["uid"] = Q(uid__in=self.uid)
        if self.exemple is not None:
            rows = model.objects.order_by().filter(exemple=self.exemple)
            conditions["exemple"] = Q(object_id__in=rows.values("pk"))
        return conditions

    def trimmed(self, items: Any) -> Any:
        """Returns ``items`` (JSON texts or dicts) with the keys in ``champs`` only; unchanged without ``champs``."""
        if self.champs is None:
            return items
        data = (orjson.loads(item) if isinstance(item, str) else item for item in items)
        return [{key: value for key, value in item.items() if key in self.champs} for item in data]


def _not_too_many(texts: list[str]) -> list[str]:
    texts = list(filter(None, dict.fromkeys(text.strip() for text in texts)))
    if len(texts) > parsers.MOST_PER_PAGE:
        raise ValueError(_("Too many values: at most %(most)s.") % {"most": parsers.MOST_PER_PAGE})
    return texts


def choice_parameters(*names: str, keys: str = "titre,url") -> list[dict]:
    """Returns the OpenAPI descriptions of these parameters; of all of them without ``names``.

    :param keys: the example of ``champs``.
    """
    return [CHOICE[name] | ({"example": keys} if name == "champs" else {}) for name in names or CHOICE]


def describe_partial_items(document: dict[str, Any]) -> None:
    """Adds to an OpenAPI document, in place, what lists answer to ``champs``: where a list has the schema ``Fiches``, the response is
    that one or ``FichesParChamps``, whose items have the keys of ``Fiche`` and require none of them."""
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            if all(known["name"] != "champs" for known in operation.get("parameters", ())):
                continue
            content = operation["responses"]["200"]["content"]["application/json"]
            name = content["schema"]["$ref"].removeprefix(REFERENCE)
            properties = schemas[name]["properties"]
            item = properties["items"]["items"]["$ref"].removeprefix(REFERENCE)
            schemas[f"{item}ParChamps"] = {key: part for key, part in schemas[item].items() if key != "required"}
            items = {**properties["items"], "items": {"$ref": f"{REFERENCE}{item}ParChamps"}}
            schemas[f"{name}ParChamps"] = {**schemas[name], "properties": {**properties, "items": items}}
            for partial in (item, name):
                schemas[f"{partial}ParChamps"]["title"] = f"{partial}ParChamps"
            content["schema"] = {"anyOf": [content["schema"], {"$ref": f"{REFERENCE}{name}ParChamps"}]}

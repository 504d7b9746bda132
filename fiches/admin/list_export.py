"""Exports of the admin's lists: rows are read in batches, and the HTML page isn't built."""

from collections.abc import Iterator

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase

from fiches.admin.importation.fiche_export import A_TIME


class BatchedRows:
    """Stands for a queryset in Wagtail's export, which only iterates it and reads ``model``: the rows are read in batches."""

    def __init__(self, queryset: QuerySet) -> None:
        self.queryset, self.model = queryset, queryset.model

    def __iter__(self) -> Iterator[Model]:
        return self.queryset.iterator(chunk_size=A_TIME)


def keys_of(queryset: QuerySet) -> list[int]:
    """The primary keys of a queryset, in its order."""
    return list(queryset.prefetch_related(None).values_list("pk", flat=True))


class WholeExport:
    """Mixin of a list view: exports the filtered, searched and sorted rows directly. Wagtail would first build the context of the
    page, without pagination."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        return self.as_spreadsheet(self.get_queryset(), request.GET["export"])

    def as_spreadsheet(self, queryset: QuerySet, spreadsheet_format: str) -> HttpResponseBase:
        return super().as_spreadsheet(BatchedRows(queryset), spreadsheet_format)

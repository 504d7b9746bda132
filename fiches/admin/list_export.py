"""A list of the admin taken out whole: its rows are read some at a time, without what the screen shows beside them."""

from collections.abc import Iterator

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase

from fiches.admin.importation.ecriture import A_TIME


class Read:
    """A queryset's rows, some at a time and in its order, for who asks for nothing but them and ``model``."""

    def __init__(self, queryset: QuerySet) -> None:
        self.queryset, self.model = queryset, queryset.model

    def __iter__(self) -> Iterator[Model]:
        return self.queryset.iterator(chunk_size=A_TIME)


def keys_of(queryset: QuerySet) -> list[int]:
    return list(queryset.prefetch_related(None).values_list("pk", flat=True))


class WholeExport:
    """For a list that Wagtail exports: an export answers what is filtered, searched and sorted as on the screen, and no more
    of it is made. Wagtail makes the whole screen, unpaginated, before it exports."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        return self.as_spreadsheet(self.get_queryset(), request.GET["export"])

    def as_spreadsheet(self, queryset: QuerySet, spreadsheet_format: str) -> HttpResponseBase:
        return super().as_spreadsheet(Read(queryset), spreadsheet_format)

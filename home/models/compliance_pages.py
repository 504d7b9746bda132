"""The privacy page."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import path

from fiches.models.routes import AddressablePage
from home import processing_register
from home.models.pages import EditorialPage


class ConfidentialitePage(AddressablePage, EditorialPage):
    """The privacy page, with the register of processing as a table and as JSON."""

    template = "home/confidentialite_page.html"
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("privacy page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "traitements": processing_register.register()}

    @path("registre.json/", name="registre")
    def register_route(self, request: HttpRequest) -> HttpResponse:
        """Serves the register as JSON: ``[{"cle", "nom", "finalite", "base_legale", …}]``."""
        traitements = [traitement.model_dump() for traitement in processing_register.register()]
        return JsonResponse(traitements, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 2})

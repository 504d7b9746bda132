"""Base class for pages that show an audit and its technical annex."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.routable_page.models import path

from fiches.models.routes import AddressablePage


class AnnexedPage(AddressablePage):
    """Shows the decisions of an audit; ``annexe-technique/`` adds the evidence of each."""

    def get_audit(self) -> Any:
        """Returns the :class:`home.audit.Audit` that both URLs show."""
        raise NotImplementedError

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "audit": self.get_audit()}

    @path("annexe-technique/", name="annexe")
    def annexe_route(self, request: HttpRequest) -> HttpResponse:
        return self.render(request, template="home/annexe.html", context_overrides={"preuves": True})

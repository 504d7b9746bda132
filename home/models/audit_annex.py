"""Base class for pages that show an audit and its technical annex."""

from wagtail.contrib.routable_page.models import path

from fiches.models.routes import AddressablePage


class AnnexedPage(AddressablePage):
    """Shows the decisions of an audit; ``annexe-technique/`` adds the evidence of each."""

    def get_audit(self):
        """Returns the :class:`home.audit.Audit` that both URLs show."""
        raise NotImplementedError

    def get_context(self, request, *args, **kwargs):
        return {**super().get_context(request, *args, **kwargs), "audit": self.get_audit()}

    @path("annexe-technique/", name="annexe")
    def annexe_route(self, request):
        return self.render(request, template="home/annexe.html", context_overrides={"preuves": True})

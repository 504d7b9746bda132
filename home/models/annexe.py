"""The technical annex of a page that accounts for the site."""

from wagtail.contrib.routable_page.models import path

from fiches.models.routes import AddressablePage


class AnnexedPage(AddressablePage):
    """A page whose criteria everyone reads with their decisions; ``annexe-technique/`` adds the evidence of each."""

    def get_audit(self):
        """The :class:`home.audit.Audit` that both addresses show."""
        raise NotImplementedError

    def get_context(self, request, *args, **kwargs):
        return {**super().get_context(request, *args, **kwargs), "audit": self.get_audit()}

    @path("annexe-technique/", name="annexe")
    def annexe_route(self, request):
        return self.render(request, template="home/annexe.html", context_overrides={"preuves": True})

"""The accessibility statement."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from home.audit import AuditDecision, audit
from home.models.pages import EditorialPage

# Tools that the tests check the pages with.
TOOLS = ("axe-core", "Nu Html Checker", "Lighthouse", "Playwright")


class AccessibilitePage(EditorialPage):
    """The statement in the form that the RGAA imposes. Its results come from the stored audit (`home.audit`)."""

    schema_pluriannuel = models.URLField(
        _("multi-year plan for accessibility"),
        blank=True,
        help_text=_("The address where the publisher's plan is read. The statement leads there."),
    )
    plan_d_action = models.URLField(
        _("action plan of the year"), blank=True, help_text=_("The address where this year's actions are read.")
    )
    etablie_le = models.DateField(_("established on"), null=True, blank=True)
    organisme_d_audit = models.CharField(_("audited by"), max_length=200, blank=True)
    environnement = models.TextField(
        _("test environment"), blank=True, help_text=_("Browsers and assistive technologies, one a line.")
    )
    echantillon = models.TextField(_("pages checked"), blank=True, help_text=_("One a line."))
    contact_courriel = models.EmailField(_("e-mail to report a difficulty"), blank=True)
    contact_adresse = models.TextField(_("postal address to report a difficulty"), blank=True)

    content_panels = [
        *EditorialPage.content_panels,
        MultiFieldPanel([FieldPanel("schema_pluriannuel"), FieldPanel("plan_d_action")], _("Strategy")),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("etablie_le", "organisme_d_audit", "environnement", "echantillon")],
            _("Establishment of this statement"),
        ),
        MultiFieldPanel([FieldPanel("contact_courriel"), FieldPanel("contact_adresse")], _("Feedback and contact")),
    ]
    template = "home/accessibilite_page.html"
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("accessibility statement")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        results = audit()
        counts = [(decision, len(results.with_decision(decision))) for decision in AuditDecision]
        return {
            **super().get_context(request, *args, **kwargs),
            "audit": results,
            "outils": TOOLS,
            "site": self.get_site().root_url,
            "nombres": counts,
            "manquements": results.with_decision(AuditDecision.NON_CONFORME),
        }

"""The app of everything that leaves the site: API, feeds, embeds, webhooks, alerts, open data, PDF."""

from datetime import timedelta

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class DiffusionConfig(AppConfig):
    name = "fiches.diffusion"
    label = "rallynov_diffusion"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Diffusion")

    def ready(self) -> None:
        from wagtail import hooks
        from wagtail.contrib.redirects.models import Redirect
        from wagtail.models import Page

        from fiches.diffusion import (
            after_publication,
            alerts,
            atom,
            contents,
            headless_preview,
            opendata,
            webhooks,
        )
        from fiches.diffusion.api import fiche_resources, page_resource, problems
        from fiches.diffusion.embeds import fiche_embeds, reach
        from fiches.diffusion.paper import paper_views
        from fiches.models import FicheIndexPage, FichePage
        from fiches.models.routes import SHAPES, add_route, allow_inline_styles
        from fiches.publications import ledger
        from fiches.publications.receivers import shown_by_pages
        from fiches.publications.responses import versioned
        from fiches.upkeep.periodic import register_periodic
        from fiches.upkeep.retention import register_retention

        ledger.register_kind("fiche", FichePage, contents.build_fiches)
        ledger.register_kind(ledger.PAGE, Page, page_resource.build_pages)
        fiche_resources.register()
        shown_by_pages(Redirect)
        after_publication.connect()
        atom.register_feed(FicheIndexPage, atom.fiches_feed)
        add_route(FicheIndexPage, "donnees.csv", versioned(opendata.as_csv), name="donnees_csv")
        add_route(FicheIndexPage, "donnees.geojson", versioned(opendata.as_geojson), name="donnees_geojson")
        add_route(FicheIndexPage, "donnees", opendata.page, name="donnees")
        add_route(FicheIndexPage, "schema.json", versioned(opendata.table_schema), name="schema_json")
        add_route(FichePage, "fiche.pdf", versioned(paper_views.fiche_pdf), name="fiche_pdf")
        hooks.register("refused_query", problems.refused_query)
        SHAPES["pdf"] = (_("PDF"), allow_inline_styles(paper_views.preview))
        fiche_embeds.register()
        register_retention(_("counts of embeds"), reach.too_old)
        register_periodic("fichiers_retires", paper_views.delete_missed_files, every=timedelta(days=1))
        register_periodic("preparation", after_publication.prepare, every=timedelta(minutes=5))
        if apps.is_installed(headless_preview.PACKAGE):
            register_retention(_("drafts stored for a front end"), headless_preview.expired_previews)
        alerts.connect()
        webhooks.connect()

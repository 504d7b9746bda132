"""Registers the page types of `fiches` with the API resource ``/pages``."""

from typing import Any

from fiches.diffusion.api import schemas
from fiches.diffusion.api.page_resource import contents_of_kind, register_page_type
from fiches.diffusion.contents import contents_of, with_related
from fiches.models import FicheIndexPage, FichePage
from fiches.pages import jsonld


def register() -> None:
    """Called from ``AppConfig.ready()``."""
    register_page_type(FicheIndexPage, "liste_des_fiches")
    register_page_type(
        FichePage,
        "fiche",
        shape=schemas.Fiche,
        own=contents_of_kind("fiche"),
        read=lambda fiches: (
            with_related(fiches).select_related("commune", "photo").prefetch_related("photo__renditions")
        ),
        structured=_article,
        is_editorial=False,
        draft=contents_of,
    )


def _article(fiche: FichePage, contents: dict[str, Any]) -> dict[str, str]:
    prizes = contents["prix"] if contents else ()
    return jsonld.article(fiche, [f"{each['libelle']}, {each['categorie']} ({each['edition']})" for each in prizes])

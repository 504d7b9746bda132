"""What the list of the fiches shows."""

from django.core.paginator import Paginator

PER_PAGE = 20


def fiches_context(index_page, request):
    """``{"fiches": Page}``: one page of the visible fiches under ``index_page``, newest first."""
    from fiches.models import FichePage

    fiches = FichePage.objects.child_of(index_page).visible().latest().for_cards()
    return {"fiches": Paginator(fiches, PER_PAGE).get_page(request.GET.get("page"))}

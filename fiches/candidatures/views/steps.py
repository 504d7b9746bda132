"""Views of one step of a dossier. Answers are saved first, then validated."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fiches.candidatures.answers import fill_from_siret, open_fields, same_answer, save_answers
from fiches.candidatures.dossier_transitions import WrongStateError
from fiches.candidatures.enums import RoleDePiece
from fiches.candidatures.forms import BY_KEY, STEP_FORMS, Contacts, Images, bound_form, display_value
from fiches.candidatures.pieces import attach, detach, max_bytes
from fiches.candidatures.privacy_notices import dossier_notice
from fiches.candidatures.progress import is_open, steps
from fiches.candidatures.text_cleaning import clean_answer_text
from fiches.candidatures.views.private_link import with_dossier
from fiches.formats import hour
from fiches.media.documents import WHAT_IS_REMOVED
from fiches.media.images import accepted, format_names
from fiches.models.grille import grid_address

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


def step_class(cle: str) -> type:
    if cle not in BY_KEY:
        raise Http404
    return BY_KEY[cle]


@require_http_methods(["GET", "HEAD", "POST"])
@with_dossier
def step(request: HttpRequest, dossier: "Dossier", *, secret: str, cle: str) -> HttpResponse:
    """Shows a step, and saves it. GET with ``a-completer`` shows an error beside each answer that prevents sending."""
    etape = step_class(cle)
    only = open_fields(dossier)
    if request.method == "POST":
        return _save(request, dossier, secret, etape, only)
    if not is_open(etape, only):
        return redirect("candidature_dossier", secret)
    if "a-completer" in request.GET:
        form = etape(dossier.reponses, only=only, dossier=dossier, sending=True)
        form.is_valid()
    else:
        form = etape(initial=dossier.reponses, only=only, dossier=dossier)
    return _render_step(request, dossier, secret, form)


def _save(request: HttpRequest, dossier: "Dossier", secret: str, etape: type, only: frozenset[str]) -> HttpResponse:
    form = etape(request.POST, only=only, dossier=dossier, continuing="continuer" in request.POST)
    by_itself = request.headers.get("Accept", "").startswith("application/json")
    try:
        conflicts, is_older = save_answers(dossier=dossier, typed=form.raw(), seen=_revision(request), whole=by_itself)
        _attach(request, dossier, form, only)
        _detach(request, dossier, only)
        _require_all_open(request, dossier, etape, only)
    except WrongStateError as error:
        form = etape(request.POST, only=frozenset(request.POST), dossier=dossier)
        form.add_error(None, error)
        return _render_step(request, dossier, secret, form, status=409)
    form.is_valid()
    if by_itself:
        return _as_json(form, dossier, is_older=is_older)
    if conflicts:
        return _render_step(request, dossier, secret, _with_conflicts(form, dossier, conflicts, only), status=409)
    if "annuaire" in request.POST and _is_stored(form, dossier):
        return _render_filled_in(request, dossier, secret, etape)
    if form.errors or form.file_errors:
        return _render_step(request, dossier, secret, form, is_saved=True)
    return redirect(_next_address(request, secret, etape, only))


def _with_conflicts(sent: Any, dossier: "Dossier", conflicts: dict[str, Any], only: frozenset[str]) -> Any:
    """Returns the form with the stored answers, but for those that were changed here and elsewhere: they are as typed here, each with an
    error that has the stored text."""
    stored = bound_form(dossier, type(sent), sending=False)
    stored.is_valid()
    form = type(sent)({**dossier.reponses, **conflicts}, only=only, dossier=dossier)
    form.file_errors, form.files_kept = sent.file_errors, sent.files_kept
    for name in conflicts:
        text = str(display_value(stored, name))[:600] or _("nothing")
        message = _(
            "This text was changed since you opened this page, in another tab or by another person: “%(text)s”. "
            "Save again to put your text instead."
        )
        form.add_error(name, ValidationError(message, code="conflict", params={"text": text}))
    return form


def _require_all_open(request: HttpRequest, dossier: "Dossier", etape: type, only: frozenset[str]) -> None:
    """Checks that the page sent no new answer to a question that was open when the page was made, and is closed now.

    :raises WrongStateError: it sent one; the other answers are saved.
    """
    closed = etape(request.POST, only=frozenset(request.POST) - only, dossier=dossier)
    names = [name for name, value in closed.raw().items() if not same_answer(dossier.reponses.get(name), value)]
    if names:
        message = _(
            "Not saved: %(names)s. The team no longer asks you to correct it. What you typed is still on this page: copy it. "
            "To give it to the team, send a message from your dossier."
        )
        raise WrongStateError(
            message, code="closed", params={"names": ", ".join(str(closed[name].label) for name in names)}
        )


def _revision(request: HttpRequest) -> int:
    """Returns the revision that the page showed. Anything but a number counts as 0, which is older than any change."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _attach(request: HttpRequest, dossier: "Dossier", form: Any, only: frozenset[str]) -> None:
    form.file_errors, form.files_kept = {}, {}
    for role in RoleDePiece.values:
        for file in request.FILES.getlist(role) if role in only else ():
            try:
                piece = attach(dossier=dossier, role=role, file=file)
            except WrongStateError:
                raise
            except ValidationError as error:
                refusals = [f"{clean_answer_text(file.name)[-150:]} – {message}" for message in error.messages]
                form.file_errors.setdefault(role, []).extend(refusals)
            else:
                form.files_kept.setdefault(role, []).append(piece.nom)


def _detach(request: HttpRequest, dossier: "Dossier", only: frozenset[str]) -> None:
    """Deletes the file whose button was pressed, if it still exists and the applicant may change it."""
    cle = request.POST.get("oter", "")
    piece = next((piece for piece in dossier.pieces.all() if str(piece.cle) == cle), None)
    if piece and piece.role in only:
        detach(dossier=dossier, cle=piece.cle)


def _is_stored(form: Any, dossier: Any) -> bool:
    """Whether every answer of the form was stored; one that is in conflict or too long was not."""
    return all(same_answer(dossier.reponses.get(champ), value) for champ, value in form.raw().items())


def _render_filled_in(request: HttpRequest, dossier: "Dossier", secret: str, etape: type) -> HttpResponse:
    """Fills the empty answers from the directory of companies, and shows the step again."""
    answers, told = fill_from_siret(dossier=dossier, request=request)
    if answers:
        save_answers(dossier=dossier, typed=answers, seen=dossier.revision)
    form = etape(dossier.reponses, only=open_fields(dossier), dossier=dossier)
    form.is_valid()
    return _render_step(request, dossier, secret, form, aide=told)


def _as_json(form: Any, dossier: "Dossier", *, is_older: bool) -> HttpResponse:
    if is_older:
        message = _(
            "Not saved: this page was changed since you opened it, in another tab or by another person. Save to see both texts."
        )
        return JsonResponse({"refus": message}, status=409)
    files = {
        role: {"gardes": form.files_kept.get(role, []), "fautes": form.file_errors.get(role, [])}
        for role in RoleDePiece.values
    }
    now = hour(timezone.now())
    return JsonResponse({"revision": dossier.revision, "a": now, "erreurs": form.errors, "fichiers": files})


def _next_address(request: HttpRequest, secret: Any, etape: Any, only: frozenset[str]) -> str:
    if "plus_tard" in request.POST:
        return f"{reverse('candidature_dossier', args=[secret])}?fait=enregistre"
    if "rester" in request.POST or "oter" in request.POST:
        return reverse("candidature_etape", args=[secret, etape.cle])
    following = [other for other in STEP_FORMS[STEP_FORMS.index(etape) + 1 :] if is_open(other, only)]
    if following:
        return reverse("candidature_etape", args=[secret, following[0].cle])
    return reverse("candidature_relecture", args=[secret])


def _render_step(
    request: HttpRequest,
    dossier: "Dossier",
    secret: str,
    form: BaseForm,
    *,
    is_saved: bool = False,
    aide: str = "",
    status: int = 200,
) -> HttpResponse:
    only = open_fields(dossier)
    pieces = list(dossier.pieces.all())
    context = {
        "dossier": dossier,
        "secret": secret,
        "form": form,
        "etape": type(form),
        "rang": STEP_FORMS.index(type(form)) + 1,
        "total": len(STEP_FORMS) + 1,
        "aide": aide,
        "etapes": steps(dossier),
        "enregistre": is_saved,
        "refuse": status == 409,
        "grille": grid_address(request) if "criteres" in form.fields else "",
        "notice": dossier_notice(request) if isinstance(form, Contacts) else None,
        "roles": [_role(role, pieces, form, dossier, only) for role in _roles(form, only)],
    }
    return render(request, "candidatures/etape.html", context, status=status)


def _roles(form: BaseForm, only: frozenset[str]) -> list[str]:
    """Returns the kinds of files that the step takes or describes."""
    if type(form) is not Images:
        return []
    return [role for role in RoleDePiece if role in only or only & set(Images.answers_by_role.get(role, ()))]


def _role(role: Any, pieces: Any, form: Any, dossier: Any, only: Any) -> dict[str, Any]:
    return {
        "role": role,
        "ouvert": role in only,
        "pieces": [piece for piece in pieces if piece.role == role],
        "champs": [form[name] for name in Images.answers_by_role.get(role, ()) if name in form.fields],
        "erreurs": getattr(form, "file_errors", {}).get(role, []),
        "raisons": dossier.raisons.get(role.value, []),
        "plus_lourd": max_bytes(role),
        "accept": accepted(),
        "formats": format_names(),
        "nettoyage": WHAT_IS_REMOVED if role == RoleDePiece.DOCUMENT else "",
    }

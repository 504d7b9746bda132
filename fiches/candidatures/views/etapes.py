"""One step of a dossier: saved whatever it holds, then judged."""

from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fiches.candidatures import aides
from fiches.candidatures.avancement import is_open, steps
from fiches.candidatures.enums import Role
from fiches.candidatures.formulaires import BY_KEY, ETAPES, Contacts, Images
from fiches.candidatures.historique import WrongStateError
from fiches.candidatures.pieces import attach, detach, heaviest
from fiches.candidatures.redaction import conflict_message, open_fields, same, save_answers
from fiches.candidatures.texte import readable
from fiches.candidatures.vie_privee import dossier_notice
from fiches.candidatures.views.prive import with_dossier
from fiches.heures import hour
from fiches.media.images import accepted, format_names
from fiches.models.characterisation import grid_address


def step_class(cle):
    if cle not in BY_KEY:
        raise Http404
    return BY_KEY[cle]


@require_http_methods(["GET", "HEAD", "POST"])
@with_dossier
def step(request, dossier, *, secret, cle):
    etape = step_class(cle)
    only = open_fields(dossier)
    if request.method == "POST":
        return _saved(request, dossier, secret, etape, only)
    if not is_open(etape, only):
        return redirect("candidature_dossier", secret)
    form = etape(initial=dossier.reponses, only=only, dossier=dossier)
    return _page(request, dossier, secret, form)


@require_safe
@with_dossier
def step_to_complete(request, dossier, *, secret, cle):
    """The step with a message beside each answer that is missing."""
    etape, only = step_class(cle), open_fields(dossier)
    if not is_open(etape, only):
        return redirect("candidature_dossier", secret)
    form = etape(dossier.reponses, only=only, dossier=dossier, sending=True)
    form.is_valid()
    return _page(request, dossier, secret, form)


def _saved(request, dossier, secret, etape, only):
    form = etape(request.POST, only=only, dossier=dossier, going_on="continuer" in request.POST)
    try:
        saved = save_answers(dossier=dossier, typed=form.raw(), seen=_revision(request))
        _attach(request, dossier, form, only)
        _take_out(request, dossier, only)
    except WrongStateError as error:
        form = etape(request.POST, dossier=dossier)
        form.add_error(None, error)
        return _page(request, dossier, secret, form, status=409)
    form.is_valid()
    for champ, text in saved.conflicts.items():
        form.add_error(champ, ValidationError(conflict_message(text), code="conflict"))
    if request.headers.get("Accept", "").startswith("application/json"):
        return _as_json(form, saved)
    asked = next((name for name in aides.HELPS if name in request.POST), None)
    if asked and _is_stored(form, dossier):
        return _helped(request, dossier, secret, etape, asked)
    if form.errors or form.file_errors:
        return _page(request, dossier, secret, form, saved=saved)
    return redirect(_next(request, secret, etape, only))


def _revision(request):
    """The revision that the page showed; 0, the strictest, for what isn't a number."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _attach(request, dossier, form, only):
    form.file_errors, form.files_kept = {}, {}
    for role in Role.values:
        for file in request.FILES.getlist(role) if role in only else ():
            try:
                piece = attach(dossier=dossier, role=role, file=file)
            except WrongStateError:
                raise
            except ValidationError as error:
                refusals = [f"{readable(file.name)[-150:]} – {message}" for message in error.messages]
                form.file_errors.setdefault(role, []).extend(refusals)
            else:
                form.files_kept.setdefault(role, []).append(_kept(piece))


def _kept(piece):
    """A file's name, with what was taken off it."""
    removed = getattr(piece, "removed", "")
    return _("%(name)s, kept without: %(removed)s") % {"name": piece.nom, "removed": removed} if removed else piece.nom


def _take_out(request, dossier, only):
    """The file whose button was pressed, if it is still there and the applicant's to take out."""
    cle = request.POST.get("oter", "")
    piece = next((piece for piece in dossier.pieces.all() if str(piece.cle) == cle), None)
    if piece and piece.role in only:
        detach(dossier=dossier, cle=piece.cle)


def _is_stored(form, dossier):
    """Nothing typed waits on the page alone: not in conflict, not too long."""
    return all(same(dossier.reponses.get(champ), value) for champ, value in form.raw().items())


def _helped(request, dossier, secret, etape, asked):
    """The step again, with what the directory or the geocoder knew in the answers left empty."""
    aide = aides.ask(asked, dossier=dossier, request=request)
    if aide.found:
        save_answers(dossier=dossier, typed=aide.found, seen=dossier.revision)
    form = etape(dossier.reponses, only=open_fields(dossier), dossier=dossier)
    form.is_valid()
    return _page(request, dossier, secret, form, aide=aide)


def _as_json(form, saved):
    now = hour(timezone.now())
    return JsonResponse(
        {
            "revision": saved.revision,
            "a": now,
            "erreurs": form.errors,
            "conflits": list(saved.conflicts),
            "autres": saved.others,
            "fichiers": {
                role: {"gardes": form.files_kept.get(role, []), "fautes": form.file_errors.get(role, [])}
                for role in Role.values
            },
        }
    )


def _next(request, secret, etape, only):
    if "plus_tard" in request.POST:
        return reverse("candidature_enregistre", args=[secret])
    if "rester" in request.POST or "oter" in request.POST:
        return reverse("candidature_etape", args=[secret, etape.cle])
    following = [other for other in ETAPES[ETAPES.index(etape) + 1 :] if is_open(other, only)]
    if following:
        return reverse("candidature_etape", args=[secret, following[0].cle])
    return reverse("candidature_relecture", args=[secret])


def _page(request, dossier, secret, form, *, saved=None, aide=None, status=200):
    only = open_fields(dossier)
    pieces = list(dossier.pieces.all())
    context = {
        "dossier": dossier,
        "secret": secret,
        "form": form,
        "etape": type(form),
        "rang": ETAPES.index(type(form)) + 1,
        "total": len(ETAPES) + 1,
        "aide": aide,
        "etapes": steps(dossier),
        "enregistre": saved is not None,
        "autres": [form[champ].label for champ in saved.others if champ in form.fields] if saved else [],
        "grille": grid_address(request) if "criteres" in form.fields else "",
        "notice": dossier_notice(request) if isinstance(form, Contacts) else None,
        "roles": [_role(role, pieces, form, dossier, only) for role in _roles(form, only)],
    }
    return render(request, "candidatures/etape.html", context, status=status)


def _roles(form, only):
    """The kinds of files that this step takes, or describes."""
    if type(form) is not Images:
        return []
    return [role for role in Role if role in only or only & set(Images.of_role.get(role, ()))]


def _role(role, pieces, form, dossier, only):
    return {
        "role": role,
        "ouvert": role in only,
        "pieces": [piece for piece in pieces if piece.role == role],
        "champs": [form[name] for name in Images.of_role.get(role, ()) if name in form.fields],
        "erreurs": getattr(form, "file_errors", {}).get(role, []),
        "raisons": dossier.raisons.get(role.value, []),
        "plus_lourd": heaviest(role),
        "accept": accepted(),
        "formats": format_names(),
    }

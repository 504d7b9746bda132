"""The dossier as a whole: where it stands, reviewed, seen, sent, withdrawn."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fiches.candidatures import consentements
from fiches.candidatures.avancement import corrections, next_move, steps
from fiches.candidatures.brouillon import unsaved_fiche
from fiches.candidatures.enums import OVER, Etat
from fiches.candidatures.formulaires import ETAPES, checked, missing, shown
from fiches.candidatures.historique import STEPS_OF_LIFE
from fiches.candidatures.invitation import begin_another, send_links
from fiches.candidatures.models import Appel
from fiches.candidatures.retrait import REFUSED, months, withdraw_dossier
from fiches.candidatures.soumission import CallClosedError, IncompleteError, submit_dossier
from fiches.candidatures.views.fichiers import show_pictures
from fiches.candidatures.views.prive import with_dossier
from fiches.mail.wordings import contact_address


@require_safe
@with_dossier
def home(request, dossier, *, secret):
    return _home(request, dossier, secret)


@require_safe
@with_dossier
def kept(request, dossier, *, secret):
    """After “save and continue later”."""
    return _home(request, dossier, secret, enregistre=True)


def _home(request, dossier, secret, **extra):
    context = {
        "dossier": dossier,
        "secret": secret,
        "etapes": steps(dossier),
        "corrections": corrections(dossier),
        "suite": next_move(dossier, secret),
        "evenements": dossier.evenements.filter(interne=False),
        "chemin": _road(dossier),
        "appel_ouvert": bool(dossier.appel and dossier.appel.est_ouvert),
        "sans_accord": consentements.keeps_off(dossier),
        "equipe": contact_address(),
        "fiche_en_ligne": dossier.fiche.url if dossier.fiche and dossier.fiche.live else "",
        **extra,
    }
    return render(request, "candidatures/dossier.html", context)


def _road(dossier):
    """``[(label, state)]``, state among "fait", "ici", "": the stages of a dossier that goes well."""
    if dossier.etat not in STEPS_OF_LIFE:
        return []
    here = STEPS_OF_LIFE.index(dossier.etat)
    marks = ["fait" if index < here else "ici" if index == here else "" for index in range(len(STEPS_OF_LIFE))]
    return list(zip([etat.label for etat in STEPS_OF_LIFE], marks, strict=True))


@require_safe
@with_dossier
def review(request, dossier, *, secret):
    return _review(request, dossier, secret)


def _review(request, dossier, secret, *, status=200, **extra):
    faults = missing(dossier) if dossier.est_modifiable else {}
    context = {
        "dossier": dossier,
        "secret": secret,
        "etapes": steps(dossier),
        "rang": len(ETAPES) + 1,
        "total": len(ETAPES) + 1,
        "reponses": [_answers(dossier, step, faults.get(step.etape.cle, {})) for step in steps(dossier)],
        "pieces": dossier.pieces.all(),
        "complet": not faults,
        "manques": [
            {
                "etape": etape,
                "label": etape.base_fields[champ].label if champ != "__all__" else "",
                "champ": champ,
                "messages": messages,
            }
            for etape in ETAPES
            for champ, messages in faults.get(etape.cle, {}).items()
        ],
        "appel_ouvert": dossier.etat != Etat.BROUILLON or bool(dossier.appel and dossier.appel.est_ouvert),
        **extra,
    }
    return render(request, "candidatures/relecture.html", context, status=status)


def _answers(dossier, step, faults):
    form = checked(dossier, step.etape, sending=False)
    form.is_valid()
    lines = [
        {"label": form[name].label, "valeur": shown(form, name), "fautes": faults.get(name, [])} for name in form.fields
    ]
    return {"etape": step.etape, "lignes": lines, "ouverte": step.ouverte}


@require_safe
@with_dossier
def preview(request, dossier, *, secret):
    """The fiche as the public would see it, in the fiche's own template."""
    context = {"dossier": dossier, "secret": secret}
    return show_fiche(request, unsaved_fiche(dossier), context, pictures="candidature_image")


def show_fiche(request, page, extra, *, pictures):
    """``pictures`` names the address of its pictures."""
    request.is_preview = True
    context = page.get_context(request)
    response = render(request, "candidatures/apercu.html", {**context, **extra})
    return show_pictures(response, page, address=pictures, secret=extra["secret"])


@require_POST
@with_dossier
def send(request, dossier, *, secret):
    try:
        submit_dossier(dossier=dossier)
    except IncompleteError as error:
        return _review(request, dossier, secret, status=422, erreur=error.messages)
    except CallClosedError as error:
        return _review(request, dossier, secret, status=409, erreur=error.messages)
    return redirect("candidature_recu", secret)


@require_safe
@with_dossier
def receipt(request, dossier, *, secret):
    if dossier.numero is None:
        return redirect("candidature_relecture", secret)
    sent = dossier.evenements.filter(etat=Etat.RECU)
    context = {"dossier": dossier, "secret": secret, "envoi": sent.last(), "renvoye": sent.count() > 1}
    return render(request, "candidatures/recu.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@with_dossier
def withdraw(request, dossier, *, secret):
    if request.method == "POST":
        withdraw_dossier(dossier=dossier)
        return redirect("candidature_dossier", secret)
    if dossier.etat in OVER:
        return redirect("candidature_dossier", secret)
    context = {"dossier": dossier, "secret": secret, "mois": months(*REFUSED)}
    return render(request, "candidatures/retirer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@with_dossier
def consents(request, dossier, *, secret):
    """What was agreed to, and a button to take each back."""
    if request.method == "POST":
        finalite = request.POST.get("finalite", "")
        if finalite not in consentements.FINALITES:
            raise Http404
        consentements.withdraw(dossier=dossier, finalite=finalite)
        return redirect("candidature_consentements", secret)
    context = {
        "dossier": dossier,
        "secret": secret,
        "consentements": consentements.current(dossier).values(),
        "sans_accord": consentements.keeps_off(dossier),
        "equipe": contact_address(),
    }
    return render(request, "candidatures/consentements.html", context)


@require_POST
@with_dossier
def another(request, dossier, *, secret):
    """A second dossier, asked for in so many words; its link goes by mail, as the first did."""
    if Appel.objects.current() is None:
        return redirect("candidature")
    second = begin_another(dossier=dossier)
    send_links(second.courriel, [second])
    return redirect("candidature_lien_envoye")

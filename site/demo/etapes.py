"""The étapes: the nine of the carnet, and examples around today."""

import datetime
import uuid

from django.utils.text import slugify

from demo.bodies import BodyBuilder, stream_value
from demo.content import NAMESPACE, read
from demo.pages import page_of, slug_of
from demo.pictures import picture_for
from demo.typography import typeset
from etapes.enums import Inscriptions, StatutEtape
from etapes.inscriptions.registration_forms import CONSENT
from etapes.inscriptions.registration_transitions import register
from etapes.models import EtapeOrganisation, EtapePage, PresentationDeFiche
from fiches.mail.outbox import silence
from fiches.models.fields import format_phone
from fiches.territoire.gazetteer import resolve_commune

PROGRAMME = EtapePage._meta.get_field("programme")
REPORT = EtapePage._meta.get_field("compte_rendu")
THURSDAY = 3


def carnet_entries():
    """The étapes of the carnet n° 1, written as those of the examples. Hours that the carnet does not give are left empty."""
    chapos = read("carnet-1-textes")["etapes"]
    return [
        facts | {"cle": str(facts["numero"]), "chapo": chapos[facts["numero"]], "fiches": []}
        for facts in read("carnet-1")["etapes"]
    ]


def build(entry, partners, *, today, edition, exemple=True):
    """Builds an étape, on its ``date``, or on the first Thursday from ``today`` plus its ``decalage`` in days; without either, it
    has no date."""
    key = f"etape-{entry['cle']}"
    date, former = (_thursday(entry.get(name), today) for name in ("decalage", "decalage_ancien"))
    photo, alt = picture_for(entry["photo"]["motif"], key) if "photo" in entry else (None, "")
    bodies = BodyBuilder(key)
    etape = EtapePage(
        numero=entry["numero"],
        title=typeset(entry["titre"]),
        slug=slug_of(entry["titre"]),
        edition=edition,
        chapo=typeset(entry["chapo"]),
        date=entry.get("date", date),
        debut=_hour(entry.get("debut")),
        fin=_hour(entry.get("fin")),
        moment=entry.get("moment", ""),
        lieu=typeset(entry.get("lieu")),
        adresse=typeset(entry.get("adresse")),
        acces=typeset(entry.get("acces")),
        accessibilite=typeset(entry.get("accessibilite")),
        commune=resolve_commune(entry["commune"]),
        statut=StatutEtape(entry.get("statut", StatutEtape.PREVUE)),
        ancienne_date=former,
        inscriptions=Inscriptions(entry.get("inscriptions", Inscriptions.AUCUNE)),
        capacite=entry.get("capacite"),
        programme=stream_value(PROGRAMME, bodies.build(entry.get("programme"))),
        photo=photo,
        photo_alt=alt,
        compte_rendu=stream_value(REPORT, bodies.build(entry.get("compte_rendu"))),
        participants=entry.get("participants"),
        exemple=exemple,
        uid=uuid.uuid5(NAMESPACE, key),
    )
    etape.organisations = [_organiser(partners[typeset(o["partenaire"])], o) for o in entry["organisateurs"]]
    slots = map(_hour, entry.get("creneaux", [None] * len(entry["fiches"])))
    etape.presentations = [
        PresentationDeFiche(fiche=page_of(f"fiche-{name}"), heure=slot)
        for name, slot in zip(entry["fiches"], slots, strict=True)
    ]
    return etape


def load_registrations(entries):
    """Registers invented people for the examples whose registration is open. Sends no mail."""
    with silence():
        for entry in entries:
            etape = EtapePage.objects.get(pk=page_of(f"etape-{entry['cle']}").pk)
            for person in entry.get("inscrits", ()) if etape.guichet.ouvert else ():
                _register(person, etape)


def _register(person, etape):
    courriel = f"{slugify(person['nom'])}@rallynov.example"
    texts = {name: typeset(person.get(name, "")) for name in ("nom", "organisation", "besoins")}
    register(etape=etape, courriel=courriel, accord=str(CONSENT), **texts)


def _thursday(days, today):
    return None if days is None else thursday_after(today + datetime.timedelta(days=days))


def thursday_after(date):
    return date + datetime.timedelta(days=(THURSDAY - date.weekday()) % 7)


def _hour(text):
    return datetime.time.fromisoformat(text) if text else None


def _organiser(partner, contact):
    return EtapeOrganisation(
        partenaire=partner,
        contact_nom=contact["contact"],
        contact_telephone=format_phone(contact["telephone"]),
        contact_public=True,
    )

"""Declares the personal data of the core's tables to the registry (`fiches.upkeep.personal_data.registry`)."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fiches.models import Abonnement, Courriel, FichePage, Partenaire
from fiches.models.champs import CHAMPS, details_of
from fiches.models.declaration import GroupeDeChamps, Personal
from fiches.publications import ledger, linked_documents
from fiches.upkeep.personal_data.registry import (
    AFTER,
    UNREAD,
    by_hand,
    contact,
    derived,
    mentions,
    not_personal,
    owned,
    rows,
)


def mails_to(courriel: str) -> QuerySet:
    """The queryset of the mails written to an address. ``courriel`` is in lower case; stored addresses are compared without
    case."""
    keys = [
        pk
        for pk, to in Courriel.objects.values_list("pk", "destinataires").iterator()
        if courriel in {address.casefold() for address in to}
    ]
    return Courriel.objects.filter(pk__in=keys)


owned(
    _("subscriptions by mail"),
    lambda courriel: Abonnement.objects.filter(courriel=courriel.strip().lower()),
    export=lambda each: {
        "nature": each.nature,
        "question": each.question,
        "demande_le": each.demande_le,
        "confirme_le": each.confirme_le,
        "mention": each.mention,
    },
    address=lambda each: reverse("abonnes:delete", args=[each.pk]),
)
mentions(Abonnement, "courriel", "question")
not_personal(Abonnement, "nature", "marque", "mention", "langue")
owned(_("mails"), mails_to, export=lambda mail: {"modele": mail.modele, "date": mail.cree, "etat": mail.etat})

for groupe in (GroupeDeChamps.CONTACT, GroupeDeChamps.CONTACT_DU_PARTENAIRE):
    contact("rallynov_fiches.FichePage", *(champ.name for champ in details_of(groupe).values()))
mentions("rallynov_fiches.FichePage", *(champ.name for champ in CHAMPS if champ.personal is Personal.MENTION))
not_personal("rallynov_fiches.FichePage", *(champ.name for champ in CHAMPS if champ.personal is Personal.CODE))
contact(Partenaire, "contact_nom", "contact_fonction", "contact_telephone", "contact_courriel")
mentions(Partenaire, "presentation", "site")
by_hand(Partenaire, "nom", "sigle", "slug")  # the name of an organisation stays, even if it is also that of its contact
not_personal(Partenaire, "roles")
mentions("rallynov_fiches.FicheIndexPage", "introduction")
mentions("rallynov_fiches.FicheFinanceur", "mention")
mentions(Courriel, "contexte", "destinataires", "erreur")
not_personal(Courriel, "cle", "modele", "message_id")
mentions("rallynov_fiches.ModeleDeCourriel", "objet", "texte")
not_personal("rallynov_fiches.ModeleDeCourriel", "cle")
mentions("rallynov_fiches.Importation", "nom", "lignes", "problemes", "doublons")
rows("rallynov_fiches.RechercheVaine", "mots")
mentions("rallynov_fiches.Critere", "name", "definition")
not_personal("rallynov_fiches.Critere", "slug")
mentions("rallynov_fiches.Dimension", "nom", "definition")
not_personal("rallynov_fiches.Dimension", "slug")
mentions("rallynov_fiches.Edition", "nom", "cloture")
rows("rallynov_fiches.MotCle", "name")
not_personal("rallynov_fiches.MotCle", "slug")
mentions("rallynov_fiches.Synonyme", "termes")
not_personal("rallynov_fiches.Commune", "code_insee", "nom", "nom_normalise", "codes_postaux", "source")
not_personal("rallynov_fiches.Echeance", "nom")
not_personal("rallynov_fiches.RoleGroup", "key")
derived(
    "rallynov_fiches.Publication",
    *("kind", "language", "slug", "url_path", "contents", "release", "title", "organisation"),
    *("folded_title", "folded_organisation", "text", "words", "commune", "departement", "sphere"),
    *("statut", "tranche", "edition", "partenaire", "criteres", "mots_cles"),
)
derived("rallynov_fiches.PublicationValue", "facet", "value")
derived("rallynov_fiches.PublicationCount", "url_path", "language", "facet", "value")
derived("rallynov_fiches.Mot", "mot", "racine")
by_hand("rallynov_fiches.TexteDeDocument", "texte")  # the text of a document: staff replace the file itself
derived("rallynov_fiches.TexteDeDocument", "empreinte")


def index_other_pages(person: Any) -> None:
    """Updates the search index of all pages that are not fiches, after a person was erased. They are few."""
    for kind in ledger.page_kinds():
        if kind.model is not FichePage:
            ledger.record_all(kind, is_direct=False)


AFTER.append(index_other_pages)
UNREAD.append(linked_documents.count_unread)

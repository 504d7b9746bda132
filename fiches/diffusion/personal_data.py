"""Declares the columns of this app that can hold personal data (see `fiches.upkeep.personal_data`)."""

from django.db import transaction

from fiches.diffusion.paper import pdf
from fiches.upkeep.personal_data import mentions, not_personal, rows
from fiches.upkeep.personal_data.registry import AFTER

# After the commit: a storage that fails must not undo the erasure.
AFTER.append(lambda person: transaction.on_commit(pdf.clear_all, robust=True))

mentions("rallynov_diffusion.Livraison", "erreur")
not_personal("rallynov_diffusion.Livraison", "evenement", "slug")
mentions("rallynov_diffusion.Webhook", "nom", "motif")
rows("rallynov_diffusion.Webhook", "adresse")
not_personal("rallynov_diffusion.Webhook", "sel")
mentions("rallynov_diffusion.Chargement", "question")
not_personal("rallynov_diffusion.Chargement", "hote", "nature")

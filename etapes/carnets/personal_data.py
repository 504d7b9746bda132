"""Declares the personal data in the road books' models (see `fiches.upkeep.personal_data`)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from etapes.carnets import carnet_subscriptions
from etapes.carnets.models import Abonne
from fiches.upkeep.personal_data import mentions, not_personal, owned

owned(
    _("subscriptions to the road books"),
    carnet_subscriptions.of_address,
    export=carnet_subscriptions.export,
    erase=lambda abonne: carnet_subscriptions.stop(abonne=abonne),
    address=lambda abonne: reverse("abonnes:delete", args=[abonne.pk]),
)

mentions(Abonne, "courriel")
not_personal(Abonne, "mention", "langue")
mentions("rallynov_carnets.CarnetPage", "chapo", "corps")
mentions("rallynov_carnets.CarnetIndexPage", "introduction")
mentions("rallynov_carnets.Diffusion", "objet", "html", "texte", "autres_langues")
not_personal("rallynov_carnets.Exemplaire", "empreinte")

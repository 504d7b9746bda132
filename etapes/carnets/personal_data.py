"""Declares the personal data in the road books' models (see `fiches.upkeep.personal_data`)."""

from fiches.upkeep.personal_data import mentions

mentions("rallynov_carnets.CarnetPage", "chapo", "corps")
mentions("rallynov_carnets.CarnetIndexPage", "introduction")
mentions("rallynov_carnets.Diffusion", "objet", "html", "texte", "autres_langues")

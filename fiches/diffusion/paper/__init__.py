"""PDF of a fiche, booklet of several fiches, social card (PNG)."""

"""PDF of a fiche, social card (PNG)."""

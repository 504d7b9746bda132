"""What a fiche's page and the list of the fiches show: contexts, cards, pictures, previews, JSON-LD."""

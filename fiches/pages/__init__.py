"""The presentation of fiches: contexts of pages, cards, pictures, previews, JSON-LD."""

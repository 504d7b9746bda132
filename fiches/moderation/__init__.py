"""The review of a fiche: its two steps, the decision, its screens, the roles and the permissions."""

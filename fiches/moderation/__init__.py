"""The review of fiches: two workflow tasks, decisions, admin views, roles and permissions."""

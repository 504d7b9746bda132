"""Who comes to an étape: registering, the waiting list, the mails, the door, and what is deleted afterwards."""

from datetime import timedelta


def connect():
    """Called once, when Django starts."""
    from etapes.inscriptions import annonces, changements, conservation, expiration, lettres, rappels, vues
    from fiches.upkeep.periodic import register_periodic

    vues.register_routes()
    lettres.register_letters()
    changements.connect()
    conservation.register()
    expiration.register()
    register_periodic("rappels_des_etapes", rappels.remind, every=timedelta(hours=1))
    register_periodic("presences_aux_etapes", rappels.after_the_etapes, every=timedelta(hours=1))
    register_periodic("annonces_des_etapes", annonces.resume, every=timedelta(minutes=10))
    register_periodic("guichets_des_etapes", rappels.close_desks, every=timedelta(minutes=10))

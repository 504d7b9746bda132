"""Registration for étapes: places and waiting list, mails, check-in, deletion of the data afterwards."""

from datetime import timedelta


def connect():
    """Registers routes, mails and periodic work. Called from ``AppConfig.ready()``."""
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

"""Registration for étapes: places and waiting list, mails, check-in, deletion of the data afterwards."""

from datetime import timedelta


def connect() -> None:
    """Registers routes, mails and periodic work. Called from ``AppConfig.ready()``."""
    from etapes.inscriptions import (
        change_mails,
        mails,
        periodic_work,
        views,
    )
    from fiches.upkeep.periodic import register_periodic

    views.register_routes()
    mails.register_letters()
    change_mails.connect()
    periodic_work.register_periods()
    register_periodic("rappels_des_etapes", periodic_work.remind, every=timedelta(hours=1))
    register_periodic("presences_aux_etapes", periodic_work.after_the_etapes, every=timedelta(hours=1))
    register_periodic("guichets_des_etapes", periodic_work.close_desks, every=timedelta(minutes=10))

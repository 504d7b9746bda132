"""The partner API at ``/api/v1/`` (Django Ninja), whose contract is kept stable.

Another app adds its resources from ``AppConfig.ready()`` with :func:`register_router`.
"""

from ninja import Router

routers: list[Router] = []


def register_router(router: Router) -> None:
    """Adds a Django Ninja router to the API; called from ``AppConfig.ready()``."""
    routers.append(router)

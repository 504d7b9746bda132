"""Settings of the benchmarks with the middleware of a new Wagtail project (`wagtail start`), to compare ours with."""

from bench.settings import *  # noqa: F403 - extends these settings
from bench.settings_stock import MIDDLEWARE

MIDDLEWARE = [
    *MIDDLEWARE[:-1],
    "allauth.account.middleware.AccountMiddleware",
    MIDDLEWARE[-1],
]  # allauth requires its own

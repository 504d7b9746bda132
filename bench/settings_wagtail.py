"""Settings of the benchmarks with the middleware of a new Wagtail project (`wagtail start`), to compare ours with."""

from bench.settings import *  # noqa: F403 - extends these settings

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # required by allauth
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

"""The same behind the middleware of a new Wagtail project (`wagtail start`): what ours costs beside it."""

from bench.settings import *  # noqa: F403 - settings extend one another so

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # which its app asks for
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

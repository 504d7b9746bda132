"""URLs of the site. The public ones are a promise (see the README)."""

from allauth.account import views as account_views
from allauth.decorators import rate_limit
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import PasswordResetView
from wagtail.admin.views.home import default as not_in_admin
from wagtail.documents.views.serve import authenticate_with_password

from config import errors, health, media_views, password_reset, wellknown
from config.staff_login import AdminLoginView, EnrolmentView
from fiches import urls as fiches_urls
from fiches.diffusion.sitemap import sitemap
from fiches.publications.responses import shared

handler500 = errors.server_error

# Before Wagtail's own URLs, which ask for a password only.
accounts = [
    path("admin/login/", AdminLoginView.as_view(), name="account_login"),
    path("admin/deconnexion/", account_views.logout, name="account_logout"),
    path("admin/confirmer/", account_views.reauthenticate, name="account_reauthenticate"),
    path("admin/compte-inactif/", account_views.account_inactive, name="account_inactive"),
    path("admin/double-authentification/totp/activate/", EnrolmentView.as_view(), name="mfa_activate_totp"),
    path("admin/double-authentification/", include("allauth.mfa.urls")),
    path(
        "admin/password_reset/",
        rate_limit(action="reset_password")(PasswordResetView.as_view()),
        name="account_reset_password",
    ),
    path(
        "admin/password_reset/confirm/<uidb64>/<token>/",
        password_reset.ConfirmView.as_view(),
        name="account_reset_password_confirm",
    ),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
]

urlpatterns = [
    path("sante/vivant", health.alive, name="alive"),
    path("sante/pret", health.ready, name="ready"),
    path("sante/travaux", health.works, name="works"),
    path("robots.txt", wellknown.robots, name="robots"),
    path("favicon.ico", wellknown.favicon, name="favicon"),
    path(".well-known/security.txt", wellknown.security_txt, name="security_txt"),
    path("sitemap.xml", shared(sitemap), name="sitemap"),
    *accounts,
    # Wagtail's own view raises an exception on purpose.
    path("admin/failwhale/", require_admin_access(not_in_admin)),
    path("admin/", include(wagtailadmin_urls)),
    # Instead of `wagtail.documents.urls`; the second view is Wagtail's own.
    path("documents/<int:document_id>/<path:document_filename>", media_views.document, name="wagtaildocs_serve"),
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        authenticate_with_password,
        name="wagtaildocs_authenticate_with_password",
    ),
    re_path(rf"^{settings.MEDIA_URL.lstrip('/')}(?P<path>.+)$", media_views.picture, name="picture"),
    path("", include(fiches_urls.one_in_all_languages)),
    # Also under /en/ and /de/ if the site offers these languages; French URLs have no prefix.
    *i18n_patterns(
        path("", include(fiches_urls.one_a_language)),
        path("", include("etapes.urls")),
        path("", include("home.urls")),
        path("", include("search.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]

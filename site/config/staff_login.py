"""Log-in to /admin/ (django-allauth): no sign-up, a mandatory second factor for staff."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.views import LoginView
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from fiches.palmares.models import Jure

ACCESS = "wagtailadmin.access_admin"
# Session keys: the pk of the account that has just made its second factor; the path to return to afterwards.
PASSED = "second_factor_of"
AFTER_ENROLMENT = "after_enrolment"
# Action of the rate limit (ACCOUNT_RATE_LIMITS) of attempts at an account from anywhere.
ALL_ADDRESSES = "account"
WRONG_CREDENTIALS = _("The name, the e-mail or the password is wrong.")
TOO_MANY_TRIES = _(
    "Too many wrong tries to log in. Wait five minutes. In a hurry? Ask for a new password: the link in the mail lets you in."
)
# Views that staff without a second factor can still reach: to make one, or to log out.
OPEN_VIEWS = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_logout",
    "wagtailadmin_sprite",
}


class StaffAdapter(DefaultAccountAdapter):
    """Disables sign-up (accounts are created by administrators) and replaces allauth's rate limits of log-in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG_CREDENTIALS,
        "email_password_mismatch": WRONG_CREDENTIALS,
        "too_many_login_attempts": TOO_MANY_TRIES,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Does not ask again for what the user entered at log-in within the reauthentication timeout."""
        return super().is_reauthentication_required(app=app) and not _authenticated_lately(self.request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Counts the failed attempts at an account for each address, so that a stranger locks nobody else out."""
        return f"{_named(credentials)}:{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the attempts at an account from all addresses too."""
        super().pre_authenticate(request, **credentials)
        if not ratelimit.consume(request, action=ALL_ADDRESSES, key=_named(credentials)):
            raise self.validation_error("too_many_login_attempts")

    def forget_attempts(self, user: Any) -> None:
        """Opens the log-in for the owner of an account that others tried, and who has set a new password."""
        for name in (user.get_username(), user.email):
            key = _named({"username": name})
            ratelimit.clear(self.request, action=ALL_ADDRESSES, key=key)
            ratelimit.clear(self.request, action="login_failed", key=f"{key}:{self.get_client_ip(self.request)}")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if request.user.has_perm(ACCESS):
            return resolve_url("wagtailadmin_home")
        return resolve_url("jury") if Jure.objects.filter(compte=request.user.pk).exists() else "/"


class AdminLoginView(LoginView):
    """The log-in at /admin/login/. A logged-in user without access to the admin is redirected to the jury's pages if they are
    a juror, else gets a 403, instead of a redirect loop."""

    def get_authenticated_redirect_url(self) -> str:
        if self.request.user.has_perm(ACCESS) or not (self.get_next_url() or "").startswith("/admin/"):
            return super().get_authenticated_redirect_url()
        url = get_adapter(self.request).get_login_redirect_url(self.request)
        if url == "/":
            raise PermissionDenied
        return url


class EnrolmentView(ActivateTOTPView):
    """Creating a second factor counts as having entered it, for this session."""

    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session[PASSED] = self.request.user.pk
        return response


class SecondFactorMiddleware:
    """Redirects staff to the page that creates a second factor, or to the one that asks for it, until this session has passed
    it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponseBase | None:
        if not settings.RALLYNOV_MFA_REQUIRED or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if _view_name(request) in OPEN_VIEWS or not request.user.has_perm(ACCESS):
            return None
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            return None if has_passed(request) else redirect_to_login(request.path, resolve_url("mfa_reauthenticate"))
        if request.method == "GET":
            request.session[AFTER_ENROLMENT] = request.get_full_path()
        return HttpResponseRedirect(resolve_url("mfa_activate_totp"))


def _named(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username")).lower()


def has_passed(request: HttpRequest) -> bool:
    """Whether this session has passed the second factor, at log-in or by creating it."""
    if request.session.get(PASSED) == request.user.pk:
        return True
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def _authenticated_lately(request: HttpRequest) -> bool:
    oldest = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
    return any(record["at"] > oldest for record in get_authentication_records(request, request.user))


def _view_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""

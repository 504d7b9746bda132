"""Who may come in at /admin/: no sign-up, a second factor for the staff, no way around it."""

import time
from collections.abc import Callable

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.views import LoginView
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
PASSED = "second_factor_of"
WRONG_CREDENTIALS = _("The name, the e-mail or the password is wrong.")
AFTER_ENROLMENT = "after_enrolment"
# What someone without a second factor can still reach: to make one, or to leave.
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
    """Accounts are made by administrators only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG_CREDENTIALS,
        "email_password_mismatch": WRONG_CREDENTIALS,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """What was shown a moment ago, at log-in, isn't asked again."""
        return super().is_reauthentication_required(app=app) and not _authenticated_lately(self.request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if request.user.has_perm(ACCESS):
            return resolve_url("wagtailadmin_home")
        return resolve_url("jury") if Jure.objects.filter(compte=request.user.pk).exists() else "/"


class AdminLoginView(LoginView):
    """The log-in at /admin/login/. Who comes for the admin and may not enter is led to their own room if they have one (a
    jury's), else told so: not sent round in circles."""

    def get_authenticated_redirect_url(self) -> str:
        if self.request.user.has_perm(ACCESS) or not (self.get_next_url() or "").startswith("/admin/"):
            return super().get_authenticated_redirect_url()
        own = get_adapter(self.request).get_login_redirect_url(self.request)
        if own == "/":
            raise PermissionDenied
        return own


class EnrolmentView(ActivateTOTPView):
    """Making a second factor counts as showing it, for this session."""

    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session[PASSED] = self.request.user.pk
        return response


class SecondFactorMiddleware:
    """Staff without a second factor, or whose session hasn't shown it, get no further than making or showing it."""

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


def has_passed(request: HttpRequest) -> bool:
    """True when this very session showed the second factor: at log-in, or by making it."""
    if request.session.get(PASSED) == request.user.pk:
        return True
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def _authenticated_lately(request: HttpRequest) -> bool:
    oldest = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
    return any(record["at"] > oldest for record in get_authentication_records(request, request.user))


def _view_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""

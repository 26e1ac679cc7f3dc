"""Addresses: sign-in (of no municipality), people and accounts of a municipality."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect import views as directory
from django.urls import URLPattern, URLResolver, path

from yakuba.kernel.access import demo
from yakuba.kernel.access.views import people, signin
from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…>

_ROOT = "desk/sign-in/"
_sign_in = signin.SignIn.as_view()
_recovery_codes = signin.RecoveryCodes.as_view()
_second_factor = signin.SetUpSecondFactor.as_view()

# Some have two names: ours, and the one by which allauth's own flows find the same page. Nothing else of allauth is mounted:
# there is no sign-up, no password by mail, no switching off of the second factor.
desk: list[URLPattern | URLResolver] = [
    path(_ROOT, _sign_in, name="account_login"),
    path(_ROOT, _sign_in, name="access-sign-in"),
    path(f"{_ROOT}again/", signin.sign_in_again, name="access-sign-in-again"),
    path(f"{_ROOT}out/", signin.sign_out, name="access-sign-out"),
    path(f"{_ROOT}done/", signin.done, name="access-done"),
    path(f"{_ROOT}code/", signin.SecondFactor.as_view(), name="mfa_authenticate"),
    path(f"{_ROOT}second-factor/", _second_factor, name="mfa_activate_totp"),
    path(f"{_ROOT}second-factor/", _second_factor, name="access-second-factor"),
    path(f"{_ROOT}second-factor/qr.svg", signin.second_factor_qr, name="access-second-factor-qr"),
    path(f"{_ROOT}recovery-codes/", _recovery_codes, name="mfa_view_recovery_codes"),
    path(f"{_ROOT}recovery-codes/", _recovery_codes, name="access-recovery-codes"),
    path(
        f"{_ROOT}recovery-codes/new/", signin.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"
    ),
    path(f"{_ROOT}account/", signin.account, name="access-account"),
    path(f"{_ROOT}password/", signin.password, name="access-password"),
    path("<code6:code>/desk/people/", people.index, name="access-people"),
    path("<code6:code>/desk/people/import/", people.import_file, name="access-people-import"),
    path("<code6:code>/desk/accounts/", people.accounts_page, name="access-accounts"),
]
# One address in every language: a directory knows the way back by its exact address.
plain_desk: list[URLPattern | URLResolver] = [
    path(f"{_ROOT}by/<str:provider_id>/", directory.login, name="openid_connect_login"),
    path(f"{_ROOT}by/<str:provider_id>/back/", directory.callback, name="openid_connect_callback"),
    *demo.addresses(),
]

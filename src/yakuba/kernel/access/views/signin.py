"""Sign-in and what belongs to it: second factor, recovery codes, one's own account. Of no municipality.

allauth's flows do the work; these views choose the pages and the order of things.
"""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.adapter import get_adapter as second_factor_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.socialaccount.adapter import get_adapter as directory_adapter
from django.contrib.auth import logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.actions import SetPassword, change_own_password
from yakuba.kernel.access.actors import staff_actor
from yakuba.kernel.access.lockout import WRONG_PASSWORD, count_failure, is_locked, locked_out
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.pages import request_id
from yakuba.kernel.access.queries import municipalities_of
from yakuba.kernel.access.roles import ROLES
from yakuba.kernel.access.sessions import AFTER, SECOND_FACTOR, admit, fresh, to_sign_in
from yakuba.kernel.actions import Context, Face, MunicipalityRef, Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.town.queries import find_municipality
from yakuba.kernel.ui.components import Fact, FieldError
from yakuba.kernel.ui.shells import PlainPage

_SECRET = "second_factor_secret"  # noqa: S105 – the name of a session key


def _errors(form: Any) -> list[FieldError]:  # Any: allauth's untyped forms
    return [
        FieldError("" if name == "__all__" else name, str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]


class SignIn(LoginView):  # type: ignore[misc]  # allauth ships no types
    """The ways in: user name and password, and the directory where one is configured."""

    template_name = "access/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: Django's own signature
        """Page, errors, entered user name, ways in."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        directories = [
            {"name": provider.name, "href": provider.get_login_url(self.request, **self._next())}
            for provider in directory_adapter().list_providers(self.request)
        ]
        return {
            **context,
            "page": PlainPage(title=_("職員のサインイン")),
            "errors": _errors(form) if form.is_bound else [],
            "entered": form["login"].value() or "",
            "directories": directories,
            "idle": "idle" in self.request.GET,
        }

    def _next(self) -> dict[str, str]:
        address = self.get_next_url()
        return {"next": address} if address else {}


class SecondFactor(AuthenticateView):  # type: ignore[misc]  # allauth ships no types
    """The code of the authenticator app, or a recovery code, after the password."""

    template_name = "access/code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # Any: Django's
        """Wrong codes count like wrong passwords (``apps.py``), so a lock-out holds here as well."""
        if is_locked(request, self.stage.login.user.get_username()):
            return locked_out(request)
        response: HttpResponseBase = super().post(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: Django's own signature
        """Page and errors."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return {
            **context,
            "page": PlainPage(title=_("確認コード")),
            "errors": _errors(form) if form.is_bound else [],
        }


class SetUpSecondFactor(ActivateTOTPView):  # type: ignore[misc]  # allauth ships no types
    """Bind an authenticator app. After a password sign-in without one there is no other way on."""

    template_name = "access/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # Any: Django's
        """Only right after a sign-in, and only where no app is bound yet."""
        if not fresh(request):
            logout(request)
            return to_sign_in(request)
        if Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists():
            return redirect("access-done")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: Django's own signature
        """Page, errors, the secret for typing it in."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        self.request.session[_SECRET] = form.secret
        return {
            **context,
            "page": PlainPage(title=_("確認コードのアプリを登録")),
            "errors": _errors(form) if form.is_bound else [],
            "secret": " ".join(form.secret[i : i + 4] for i in range(0, len(form.secret), 4)),
        }

    def form_valid(self, form: Any) -> HttpResponse:  # Any: allauth's untyped forms
        """The code was right: this session has its second factor."""
        response: HttpResponse = super().form_valid(form)
        self.request.session.pop(_SECRET, None)
        self.request.session[SECOND_FACTOR] = True
        return response

    def get_success_url(self) -> str:
        """The recovery codes are shown once, now."""
        return reverse("access-recovery-codes")


@require_safe
def second_factor_qr(request: HttpRequest) -> HttpResponse:
    """The secret that is being set up, as a QR code; an image of its own because pages allow no data: addresses."""
    secret = request.session.get(_SECRET)
    if not isinstance(request.user, StaffAccount) or not isinstance(secret, str):
        raise Http404
    adapter = second_factor_adapter()
    image = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(image, content_type="image/svg+xml")


class RecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc]  # allauth ships no types
    """The recovery codes, shown once."""

    template_name = "access/recovery_codes.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # Any: Django's
        """Only right after a sign-in."""
        if not fresh(request) or not request.session.get(SECOND_FACTOR):
            return to_sign_in(request) if not request.user.is_authenticated else redirect("access-account")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: Django's own signature
        """Page, codes, the way on."""
        onward = self.request.session.pop(AFTER, "") or reverse("access-done")
        return {
            **super().get_context_data(**kwargs),
            "page": PlainPage(title=_("回復コード")),
            "onward": onward,
        }


class NewRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth ships no types
    """New recovery codes; the former ones end."""

    http_method_names = ("post", "options")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # Any: Django's
        """Only right after a whole sign-in: an unlocked counter PC must not be enough."""
        admitted = admit(request)
        if not isinstance(admitted, StaffAccount):
            return admitted
        if not fresh(request):
            logout(request)
            return redirect(f"{reverse('access-sign-in')}?next={reverse('access-account')}")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:  # Any: allauth's untyped forms
        """There is no second factor to recover (the directory vouches for this account)."""
        del form
        return redirect("access-account")

    def get_success_url(self) -> str:
        """Where they are shown."""
        return reverse("access-recovery-codes")


@require_safe
def done(request: HttpRequest) -> HttpResponseBase:
    """Signed in: on to the desk, or to a choice of desks."""
    mine = admit(request)
    if not isinstance(mine, StaffAccount):
        return mine
    found = municipalities_of(mine, clock.now())
    if len(found) == 1:
        return redirect(_desk(found[0]))
    desks = [{"name": ref.name, "code": ref.code, "href": _desk(ref)} for ref in found]
    title = _("どの自治体の仕事をしますか") if found else _("今使える役割がありません")
    return render(request, "access/done.html", {"page": PlainPage(title=title), "desks": desks})


def _desk(ref: MunicipalityRef) -> str:
    return reverse("desk-home", args=[ref.code])


@require_safe
def sign_in_again(request: HttpRequest) -> HttpResponseBase:
    """Forget a sign-in that waits for its code. Harmless as a link: whoever is signed in stays so."""
    if not request.user.is_authenticated:
        request.session.flush()
    return redirect("access-sign-in")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    logout(request)
    return redirect("access-sign-in")


@require_safe
def account(request: HttpRequest) -> HttpResponseBase:
    """One's own account: which roles it has now, and what one can change oneself."""
    mine = admit(request)
    if not isinstance(mine, StaffAccount):
        return mine
    now = clock.now()
    actor, acting = staff_actor(mine, now)
    found = municipalities_of(mine, now)
    held = {grant.role for grant in actor.grants}
    context = {
        "page": PlainPage(title=_("自分の利用者ID")),
        "facts": [
            Fact(_("利用者ID"), mine.username),
            Fact(_("氏名"), mine.person.name if mine.person else ""),
            Fact(_("職"), acting),
            Fact(_("役割"), "、".join(role.label for role in ROLES.values() if role.key in held)),
        ],
        "desks": [{"name": ref.name, "href": _desk(ref)} for ref in found],
        "has_password": mine.has_usable_password() and mine.municipality_id is not None,
        "has_code": Authenticator.objects.filter(user=mine, type=Authenticator.Type.TOTP).exists(),
    }
    return render(request, "access/account.html", context)


def password(request: HttpRequest) -> HttpResponseBase:
    """Change one's own password."""
    mine = admit(request)
    if not isinstance(mine, StaffAccount):
        return mine
    if not mine.has_usable_password() or mine.municipality is None:
        return redirect("access-account")
    errors: list[FieldError] = []
    if request.method == "POST":
        # An open session must not be a place to try passwords: guesses count like those at the door.
        if is_locked(request, mine.username):
            return locked_out(request)
        errors = _change(request, mine)
        if not errors:
            return redirect("access-account")
    context = {"page": PlainPage(title=_("パスワードの変更")), "errors": errors}
    return render(request, "access/password.html", context, status=422 if errors else 200)


def _change(request: HttpRequest, mine: StaffAccount) -> list[FieldError]:
    present, wanted, again = (request.POST.get(key, "") for key in ("present", "wanted", "again"))
    if not mine.check_password(present):
        count_failure(request, mine, WRONG_PASSWORD)
        return [FieldError("present", _("今のパスワードが違います。"))]
    if wanted != again:
        return [FieldError("again", _("新しいパスワードと同じものをもう一度入力してください。"))]
    assert mine.municipality is not None  # noqa: S101 – the page is closed to others
    ref = find_municipality(mine.municipality.code)
    assert ref is not None  # noqa: S101 – it is the account's own
    now = clock.now()
    actor, acting = staff_actor(mine, now)
    ctx = Context(actor, ref, now, request_id(request), Face.DESK, acting_post=acting)
    try:
        changed = change_own_password(ctx, mine, SetPassword(wanted))
    except Problem as problem:
        return [FieldError("wanted", problem.message)]
    update_session_auth_hash(request, changed)
    return []

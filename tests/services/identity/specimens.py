"""How each action of identity is tried."""

from __future__ import annotations

from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.visitors.models import Visit
from yakuba.engines.visitors.rules import new_token
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.services.identity import actions as identity
from yakuba.services.identity import rules
from yakuba.services.identity.models import Citizen, ExternalIdentity, MailCode, SignInAttempt


def somebody(here: Town) -> Citizen:
    """The account that the visit «own» is signed in as."""
    made, _new = Citizen.unscoped.get_or_create(
        municipality_id=here.ref.id,
        mail_key=f"rei@{here.ref.code}.example.jp",
        defaults={
            "mail": f"rei@{here.ref.code}.example.jp",
            "password": "x",
            "created_at": clock.now(),
        },
    )
    here.visit("own", level="account", citizen=made.pk)
    here.visit("other")
    return made


def link(here: Town) -> ExternalIdentity:
    made, _new = ExternalIdentity.unscoped.get_or_create(
        municipality_id=here.ref.id,
        citizen=somebody(here),
        method="oidc",
        issuer="https://id.example.jp",
        subject="s1",
        defaults={"linked_at": clock.now()},
    )
    return made


def linked(here: Town) -> Citizen:
    return link(here).citizen


def code(here: Town, visit: str = "own", *, used: bool = False) -> MailCode:
    here.visit("own")
    here.visit("other")
    pk, now = uuid7(), clock.now()
    return MailCode.unscoped.create(
        pk=pk,
        municipality_id=here.ref.id,
        visit=here.visits[visit],
        purpose="account" if used else "sign_in",
        mail="rei@example.jp",
        code_hash=rules.code_digest(pk, "123456"),
        sent_at=now,
        expires_at=now + rules.CODE_LASTS,
        used_at=now if used else None,
    )


def attempt(here: Town) -> SignInAttempt:
    here.visit("own")
    here.visit("other")
    now = clock.now()
    return SignInAttempt.unscoped.create(
        municipality_id=here.ref.id,
        visit=here.visits["own"],
        method="oidc",
        state_hash=rules.state_digest("state"),
        nonce="nonce",
        verifier="verifier",
        language="ja",
        began_at=now,
        expires_at=now + rules.ATTEMPT_LASTS,
    )


def visits(here: Town) -> None:
    somebody(here)
    code(here, "own", used=True)
    code(here, "other", used=True)


def an_account(here: Town) -> str:
    return str(somebody(here).pk)


def token() -> str:
    """A fresh one: no two visits have the same."""
    assert Visit.unscoped.count() < 100
    return new_token()


SPECIMENS = {
    "identity.send_code": Specimen(visits, lambda _t, _s: identity.SendCode("rei@example.jp", "sign_in")),
    "identity.enter_code": Specimen(code, lambda _t, _s: identity.EnterCode("123456", token())),
    "identity.set_up_account": Specimen(visits, lambda _t, _s: identity.SetUp("hashed", token())),
    "identity.sign_in": Specimen(visits, lambda t, _s: identity.SignIn(an_account(t), token())),
    "identity.change_name": Specimen(
        somebody, lambda _t, _s: identity.ChangeName("例示 れい", "レイジ レイ")
    ),
    "identity.change_password": Specimen(somebody, lambda _t, _s: identity.ChangePassword("hashed")),
    "identity.close_account": Specimen(somebody, lambda _t, _s: NoData()),
    "identity.begin_attempt": Specimen(
        visits, lambda _t, _s: identity.BeginAttempt("oidc", "state", "nonce", "verifier")
    ),
    "identity.finish_attempt": Specimen(
        attempt,
        lambda _t, _s: identity.FinishAttempt("https://id.example.jp", "verified", "s9", "{}", token()),
    ),
    "identity.unlink": Specimen(linked, lambda t, _s: identity.Unlink(str(link(t).pk))),
}

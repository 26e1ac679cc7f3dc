"""The mails that identity sends, in the language of the page that asked for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from yakuba.services.identity.rules import CODE_LASTS


@dataclass(frozen=True)
class Words:
    """Subject and body."""

    subject: str
    body: str


def code(town: str, digits: str, purpose: str) -> Words:
    """The mail with a code. It is the same whether an account with this address exists."""
    what = {
        "sign_in": _("メールアドレスの確認"),
        "account": _("アカウントの作成またはパスワードの再設定"),
        "change": _("メールアドレスの変更"),
    }[purpose]
    minutes = int(CODE_LASTS.total_seconds() // 60)
    lines = [
        _("%(town)sです。%(what)sのための確認コードをお知らせします。") % {"town": town, "what": what},
        "",
        _("確認コード： %(code)s") % {"code": digits},
        "",
        _("手続の画面に、%(minutes)d分以内に入力してください。") % {"minutes": minutes},
        _("市の職員がこのコードをお聞きすることはありません。だれにも教えないでください。"),
        _("お心当たりがないときは、このメールを消してください。何も変わりません。"),
    ]
    # Mail previews on a locked telephone show subjects: the code stands in the body alone.
    return Words(_("【%(town)s】確認コードのお知らせ") % {"town": town}, "\n".join(lines))


def password_changed(town: str) -> Words:
    """Told after a password was set: whoever did not do it has to know."""
    lines = [
        _("%(town)sのオンライン手続のアカウントのパスワードが、設定されました。") % {"town": town},
        _(
            "お心当たりがないときは、サインインの画面の「パスワードを忘れた方」から、すぐに設定し直してください。"
        ),
    ]
    return Words(_("【%(town)s】パスワードの設定のお知らせ") % {"town": town}, "\n".join(lines))


def address_changed(town: str) -> Words:
    """Told to the former address after another took its place."""
    lines = [
        _("%(town)sのオンライン手続のアカウントのメールアドレスが、別のものに変わりました。")
        % {"town": town},
        _("お心当たりがないときは、%(town)sの窓口へ連絡してください。") % {"town": town},
    ]
    return Words(_("【%(town)s】メールアドレスの変更のお知らせ") % {"town": town}, "\n".join(lines))


def account_closed(town: str) -> Words:
    """Told after an account was closed."""
    lines = [
        _("%(town)sのオンライン手続のアカウントを閉じ、登録されていた内容を消しました。") % {"town": town},
        _("受け付けた申請は、そのまま審査されます。"),
    ]
    return Words(_("【%(town)s】アカウントを閉じました") % {"town": town}, "\n".join(lines))

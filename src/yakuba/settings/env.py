"""Everything an operator can set, in one table. ``docs/settings.md`` is generated from it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Setting:
    """One environment variable: name, default as text, and what it does."""

    name: str
    default: str
    help: str


TABLE: tuple[Setting, ...] = (
    Setting(
        "YAKUBA_HOME",
        "~/.local/share/yakuba",
        "Folder of all state: database, files, secret key, trail heads.",
    ),
    Setting(
        "YAKUBA_DATABASE_URL",
        "",
        "postgresql://user:password@host:5432/name. Empty: the embedded SQLite in YAKUBA_HOME.",
    ),
    Setting("YAKUBA_FACE", "all", "portal, desk or all: which addresses this process serves."),
    Setting(
        "YAKUBA_HOSTS",
        "localhost,127.0.0.1,[::1]",
        "Host names this process answers to, separated by commas.",
    ),
    Setting(
        "YAKUBA_PORTAL_URL",
        "",
        "Public address of the portal (https://example.lg.jp), for links in mails. Empty: mails name the page instead.",
    ),
    Setting("YAKUBA_HTTPS", "0", "1 when browsers reach this process over HTTPS: secure cookies and HSTS."),
    Setting(
        "YAKUBA_PROXIES",
        "0",
        "How many proxies of your own stand before this process, each adding to X-Forwarded-For. With a wrong number limits count "
        "the proxy as one visitor (too low) or believe a forged header (too high).",
    ),
    Setting("YAKUBA_SECRET_KEY", "", "Signing key. Empty: one is made and kept in YAKUBA_HOME."),
    Setting(
        "YAKUBA_TRAIL_HEADS",
        "",
        "Folder for the daily trail heads. It should lie on another machine or medium, out of reach of whoever "
        "keeps the database: only there do they prove anything. Empty: YAKUBA_HOME/heads.",
    ),
    Setting(
        "YAKUBA_OIDC_ISSUER",
        "",
        "Address of the city's directory (OpenID Connect). Empty: password sign-in only.",
    ),
    Setting("YAKUBA_OIDC_NAME", "庁内の職員認証", "Name of that directory on the sign-in page."),
    Setting("YAKUBA_OIDC_CLIENT_ID", "", "Client id registered at the directory."),
    Setting("YAKUBA_OIDC_CLIENT_SECRET", "", "Client secret registered at the directory."),
    Setting(
        "YAKUBA_OIDC_MUNICIPALITY",
        "",
        "Code of the only municipality whose staff this directory may sign in.",
    ),
    Setting(
        "YAKUBA_CITIZEN_OIDC_ISSUER",
        "",
        "Address of the identity provider for citizens (OpenID Connect, as デジタル認証アプリ works). Empty: citizens have mail "
        "codes and accounts only. Every municipality's /<code>/sign-in/provider/back/ is registered there.",
    ),
    Setting(
        "YAKUBA_CITIZEN_OIDC_NAME", "本人確認のサイト", "Name of that provider on the citizens' sign-in page."
    ),
    Setting("YAKUBA_CITIZEN_OIDC_CLIENT_ID", "", "Client id registered at that provider."),
    Setting("YAKUBA_CITIZEN_OIDC_CLIENT_SECRET", "", "Client secret registered at that provider."),
    Setting(
        "YAKUBA_CITIZEN_OIDC_CLIENT_KEY",
        "",
        "PEM file of the client's private key, where the provider wants signed statements (private_key_jwt) instead of a secret.",
    ),
    Setting(
        "YAKUBA_CITIZEN_OIDC_SCOPE",
        "openid name address birthdate",
        "What is asked for. Only name, kana, birth date, address and corporate number are taken from the answer.",
    ),
    Setting(
        "YAKUBA_IDLE_MINUTES",
        "60",
        "Minutes without a page after which a member of staff has to sign in again.",
    ),
    Setting(
        "YAKUBA_MAIL_URL",
        "",
        "Where mail is given to: smtp://user:password@host:587/?tls=starttls, smtps://user:password@host:465, or "
        "file:///folder (one .eml file each). ?tls=none for a relay on the same machine. Empty: no mail leaves.",
    ),
    Setting(
        "YAKUBA_MAIL_FROM",
        "",
        "Sender of all mail: noreply@example.jp or 名前 <noreply@example.jp>. Without a name the municipality's is used.",
    ),
    Setting(
        "YAKUBA_SCANNER",
        "",
        "Virus scanner for what citizens send: clamd:///run/clamav/clamd.ctl or clamd://host:3310 (its StreamMaxLength at "
        "least 50M). Configured and silent, uploads are refused. Empty: nothing is scanned.",
    ),
    Setting(
        "YAKUBA_WEBHOOK_HOSTS",
        "",
        "Where filings may be handed over to, separated by commas: host names (hooks.example.lg.jp, with :8443 for another port than "
        "443) and, for addresses inside the house, the address or network as well (10.1.2.0/24). Empty: nothing is handed over.",
    ),
    Setting(
        "YAKUBA_GSI_PARAMETERS",
        "",
        "Folder with 国土地理院's parameter files TKY2JGD.par and touhokutaiheiyouoki2011.par, fetched there by the operator. Without them "
        "old coordinates are read less exactly, and each import says how exactly.",
    ),
    Setting(
        "YAKUBA_MAP_BASE",
        "",
        "What lies under the layers of maps: a PMTiles file of pictures (PNG, JPEG, WebP) on this machine, or an address like "
        "https://tiles.example.jp/{z}/{x}/{y}.png, which browsers then load from; its origin is allowed by name. Empty: plain ground.",
    ),
    Setting("YAKUBA_MAP_BASE_ATTRIBUTION", "", "Whose base map it is, as the map says it: 国土地理院."),
    Setting("YAKUBA_WEB_WORKERS", "2", "Web processes of `yakuba serve`."),
    Setting("YAKUBA_WEB_THREADS", "4", "Threads of each web process; each may hold one database connection."),
    Setting(
        "YAKUBA_DEBUG", "0", "1 for development: error pages with details. Never on a machine others reach."
    ),
)
_DEFAULTS = {setting.name: setting.default for setting in TABLE}


def get(name: str) -> str:
    """The value of a listed variable. KeyError for one that is not in the table."""
    default = _DEFAULTS[name]
    return os.environ.get(name) or default


def flag(name: str) -> bool:
    """A yes/no variable: 1, true, yes or on."""
    return get(name).lower() in {"1", "true", "yes", "on"}


def home() -> Path:
    """The folder of all state."""
    return Path(get("YAKUBA_HOME")).expanduser()

"""Django settings. What an operator may change comes from the table in :mod:`yakuba.settings.env`."""

from __future__ import annotations

from pathlib import Path

import django.conf.locale
import django_stubs_ext
from csp.constants import NONE, SELF

from yakuba.settings import env
from yakuba.settings.database import database
from yakuba.settings.log import LOGGING as LOGGING
from yakuba.settings.rooms import rooms
from yakuba.settings.secret import close, secret_key

django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent.parent
HOME = close(env.home())
TRAIL_HEADS = Path(env.get("YAKUBA_TRAIL_HEADS") or HOME / "heads").expanduser()
WEB_WORKERS = int(env.get("YAKUBA_WEB_WORKERS"))
WEB_THREADS = int(env.get("YAKUBA_WEB_THREADS"))
FACE = env.get("YAKUBA_FACE")
PORTAL_URL = env.get("YAKUBA_PORTAL_URL")
if FACE not in {"portal", "desk", "all"}:
    raise ValueError(f"YAKUBA_FACE: portal, desk or all is expected, found {FACE}")
# Where mail leaves the house, and as whom; empty: it does not.
MAIL_URL = env.get("YAKUBA_MAIL_URL")
MAIL_FROM = env.get("YAKUBA_MAIL_FROM")

DEBUG = env.flag("YAKUBA_DEBUG")
SECRET_KEY = secret_key(env.get("YAKUBA_SECRET_KEY"), HOME)
ALLOWED_HOSTS = [host.strip() for host in env.get("YAKUBA_HOSTS").split(",") if host.strip()]
DATABASES = {"default": database(env.get("YAKUBA_DATABASE_URL"), HOME)}
# Shared by all processes: a sign-in code that one of them has taken must not be taken again by another.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # only libraries' tables; ours have UUIDv7

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.idp.oidc",
    "axes",
    "csp",
    "django_htmx",
    "ninja",
    *rooms(),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "yakuba.kernel.ui.middleware.RequestIdMiddleware",
    "yakuba.kernel.access.middleware.KeptNowhereMiddleware",
    "yakuba.kernel.ui.middleware.PathLanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yakuba.kernel.access.middleware.ProblemMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "yakuba.urls"
WSGI_APPLICATION = "yakuba.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "yakuba.kernel.ui.shells.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "yakuba.kernel.ui.templatetags.ui",
            ],
        },
    }
]

# --- language and time ---------------------------------------------------------------------------------------------
# Source strings are Japanese, so a page is never half English; ja-simple is やさしい日本語 and falls back to ja.
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English"), ("ja-simple", "やさしい日本語")]
django.conf.locale.LANG_INFO["ja-simple"] = {
    "bidi": False,
    "code": "ja-simple",
    "name": "Easy Japanese",
    "name_local": "やさしい日本語",
}
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

# --- static files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = ["yakuba.kernel.ui.finders.OwnFiles"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "yakuba.kernel.ui.storage.ManifestStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MIMETYPES = {".mjs": "text/javascript"}

# --- staff sign-in --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.StaffAccount"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/sign-in/done/"
LOGOUT_REDIRECT_URL = "/desk/sign-in/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "yakuba.kernel.access.adapters.StaffAccountAdapter"
SOCIALACCOUNT_ADAPTER = "yakuba.kernel.access.adapters.DirectoryAdapter"
MFA_ADAPTER = "yakuba.kernel.access.adapters.SecondFactorAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Passwords are throttled by axes, in the database. allauth's limit by address would lock a whole town hall out at 8:30, whose
# browsers come through one proxy; its limit by account stays for codes.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "役場 Yakuba"
MFA_TOTP_TOLERANCE = 1  # one period of 30 s before and after: clocks of telephones differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
# The button is a link: a form that ends at the directory would need an exception in the page's form-action.
SOCIALACCOUNT_LOGIN_ON_GET = True
IDP_OIDC_ADAPTER = "yakuba.kernel.access.demo.DemoDirectory"
DIRECTORY_MUNICIPALITY = env.get("YAKUBA_OIDC_MUNICIPALITY")
CITIZEN_OIDC_ISSUER = env.get("YAKUBA_CITIZEN_OIDC_ISSUER")
CITIZEN_OIDC_NAME = env.get("YAKUBA_CITIZEN_OIDC_NAME")
CITIZEN_OIDC_CLIENT_ID = env.get("YAKUBA_CITIZEN_OIDC_CLIENT_ID")
CITIZEN_OIDC_CLIENT_SECRET = env.get("YAKUBA_CITIZEN_OIDC_CLIENT_SECRET")
CITIZEN_OIDC_CLIENT_KEY = env.get("YAKUBA_CITIZEN_OIDC_CLIENT_KEY")
CITIZEN_OIDC_SCOPE = env.get("YAKUBA_CITIZEN_OIDC_SCOPE")
IDLE_MINUTES = int(env.get("YAKUBA_IDLE_MINUTES"))
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# One colleague's typing errors must not lock the counter PC that all of them share: account and address together.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "yakuba.kernel.access.lockout.username_key"
AXES_LOCKOUT_CALLABLE = "yakuba.kernel.access.lockout.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
# Axes keeps what a failed form held: never a password or a code.
AXES_SENSITIVE_PARAMETERS = ["login", "code", "present", "wanted", "again", "csrfmiddlewaretoken", "next"]
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "directory",
                "name": env.get("YAKUBA_OIDC_NAME"),
                "client_id": env.get("YAKUBA_OIDC_CLIENT_ID"),
                "secret": env.get("YAKUBA_OIDC_CLIENT_SECRET"),
                "settings": {"server_url": env.get("YAKUBA_OIDC_ISSUER")},
            }
        ]
        if env.get("YAKUBA_OIDC_ISSUER")
        else [],
    }
}
SESSION_COOKIE_NAME = "yakuba_staff"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from the directory
SESSION_COOKIE_AGE = 60 * 60 * 9  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "yakuba_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "yakuba.kernel.ui.errors.csrf_failure"

# --- transport and page security ------------------------------------------------------------------------------------
HTTPS = env.flag("YAKUBA_HTTPS")
PROXIES = int(env.get("YAKUBA_PROXIES"))
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Pages load nothing from elsewhere: LGWAN has no Internet, and nobody is to learn who reads what.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A page of a form may hold fifty rows of eighty fields: what a procedure can ask (its sheet has as many columns), it can be sent.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# As many photos and papers as a ledger takes at once (engines/ledger/bundles); together no larger than one file may be.
DATA_UPLOAD_MAX_NUMBER_FILES = 300
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["yakuba.kernel.files.receiving.BoundedUploadHandler"]
SCANNER = env.get("YAKUBA_SCANNER")
# Read by engines/places.
GSI_PARAMETERS = env.get("YAKUBA_GSI_PARAMETERS")
# Read by services/maps.
MAP_BASE = env.get("YAKUBA_MAP_BASE")
MAP_BASE_ATTRIBUTION = env.get("YAKUBA_MAP_BASE_ATTRIBUTION")
# Where filings may be handed over to; read by services/procedures.
WEBHOOK_HOSTS = env.get("YAKUBA_WEBHOOK_HOSTS")

SILENCED_SYSTEM_CHECKS = ["ninja.W001"]

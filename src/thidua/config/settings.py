"""All settings, read from the environment. Every variable is listed in docs/operate/install.md."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from thidua.config import addresses, database, logs, providers, secrets_file, storage

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]
DATA = database.data_dir()

DEBUG = os.environ.get("THIDUA_DEBUG", "") == "1"
PRODUCTION = os.environ.get("THIDUA_PRODUCTION", "") == "1"
SECRET_KEY = secrets_file.secret_key()
ALLOWED_HOSTS = os.environ.get("THIDUA_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
# The address printed into QR codes, e.g. https://thidua.example.vn ; empty: the address of the request.
PUBLIC_URL = os.environ.get("THIDUA_PUBLIC_URL", "").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "thidua.kernel",
    "thidua.ledger",
    "thidua.orgs",
    "thidua.people",
    "thidua.documents",
    "thidua.notify",
    "thidua.review",
    "thidua.accounts",
    "thidua.exchange",
    "thidua.reorganisations",
    "thidua.appointments",
    "thidua.programmes",
    "thidua.initiatives",
    "thidua.search",
    "thidua.similarity",
    "thidua.tallies",
    "thidua.targets",
    "thidua.awards",
    "thidua.reports",
    "thidua.demo",
    "thidua.sites.shell",
]

MIDDLEWARE = [
    "thidua.sites.shell.health.HealthMiddleware",
    "thidua.sites.shell.watching.SlowMiddleware",
    "thidua.sites.shell.middleware.NetworkMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "thidua.sites.shell.lagging.OwnWritesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "thidua.sites.shell.middleware.LastUseMiddleware",
    "thidua.sites.shell.middleware.OriginMiddleware",
    "thidua.sites.shell.middleware.ClockMiddleware",
    "thidua.sites.shell.middleware.PostMiddleware",
    "thidua.sites.shell.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "thidua.config.urls"
WSGI_APPLICATION = "thidua.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "sites" / site / "templates" for site in ("office", "member", "portal")],
        "OPTIONS": {
            "loaders": [
                (
                    "thidua.sites.shell.drawing.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "thidua.sites.shell.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "thidua.sites.shell.templatetags.shell",
            ],
        },
    }
]

# pg_dump and pg_restore of the embedded server, for backups; "": those on PATH.
PG_PROGRAMS = database.programs()
DATABASES = addresses.databases()
DATABASE_ROUTERS = ["thidua.kernel.replicas.Router"]
# Copies of the database pages may be read from that may lag; one later than this is left alone.
REPLICAS = list(addresses.replicas())
REPLICA_LAG_SECONDS = int(os.environ.get("THIDUA_REPLICA_LAG_SECONDS", "30"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["thidua.people.backends.IdentifierBackend"]
LOGIN_URL = "shell:login"
LOGIN_REDIRECT_URL = "shell:home"
LOGOUT_REDIRECT_URL = "portal:home"
AUTH_PASSWORD_VALIDATORS = [{"NAME": "thidua.accounts.domain.passwords.Validator"}]
# Whoever holds one of these rights signs in with a second step (not in a demonstration).
SECOND_STEP_PERMISSIONS = [
    name for name in os.environ.get("THIDUA_SECOND_STEP_FOR", "unit.manage,post.grant").split(",") if name
]
OIDC_PROVIDERS = providers.from_environment()
# How many proxies of one's own stand in front and add to X-Forwarded-For; 0: believe the connection.
TRUSTED_PROXIES = int(os.environ.get("THIDUA_PROXIES", "0"))

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["thidua.config.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
# Only `|number` groups digits: a key or a year in an address or a form must stay as it is.
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [PACKAGE / "sites" / "office" / "static"]
MEDIA_ROOT = Path(os.environ.get("THIDUA_FILES", DATA / "files"))
STORAGES = {
    "default": storage.files(os.environ),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
PROCRASTINATE_ON_APP_READY = "thidua.config.collector.set_aside"
# A worker runs beside this process: what may wait a moment (search, likeness) is left to it.
READERS_WAIT = os.environ.get("THIDUA_WORKER", "") == "1"
# Where clamd listens ("/run/clamav/clamd.ctl" or "host:3310"); empty: files are not scanned.
CLAMD = os.environ.get("THIDUA_CLAMD", "")
# Files visitors without an account may begin to send from one network in an hour.
OPEN_UPLOADS_AN_HOUR = int(os.environ.get("THIDUA_OPEN_UPLOADS_AN_HOUR", "600"))
# Initiatives visitors may file from one network in an hour; a large union's network may send more.
OPEN_FILINGS_AN_HOUR = int(os.environ.get("THIDUA_OPEN_FILINGS_AN_HOUR", "60"))
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# A file or form larger than this is refused with a sentence that says the limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

SESSION_ENGINE = "thidua.kernel.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = False  # the proxy in front decides
# Browsers that were here once over TLS come back only so; sent over TLS only.
SECURE_HSTS_SECONDS = int(os.environ.get("THIDUA_HSTS_SECONDS", str(365 * 24 * 3600 if PRODUCTION else 0)))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        # The chart library writes style attributes into its tooltips.
        "style-src": [SELF, "'unsafe-inline'"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Without a host no e-mail is sent, and pages that would need one say so.
EMAIL_HOST = os.environ.get("THIDUA_EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("THIDUA_EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("THIDUA_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("THIDUA_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("THIDUA_EMAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("THIDUA_EMAIL_FROM", EMAIL_HOST_USER or "thidua@localhost")

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS: list[str] = []
# Requests and queries slower than this are named in the log (milliseconds).
SLOW_REQUEST_MS = int(os.environ.get("THIDUA_SLOW_REQUEST_MS", "1000"))
SLOW_QUERY_MS = int(os.environ.get("THIDUA_SLOW_QUERY_MS", "500"))
LOGGING = logs.settings(os.environ)

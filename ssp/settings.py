"""Settings, read from the environment only. Every name is explained in docs/operations.md."""

import base64
import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
SSP_HOME = Path(os.environ.get("SSP_HOME", BASE_DIR / "var"))


class MissingSettingError(RuntimeError):
    """A setting that the product cannot run without."""


def _secret(name: str, file: str) -> str:
    path = SSP_HOME / "keys" / file
    value = os.environ.get(name) or (path.read_text().strip() if path.exists() else "")
    if not value:
        raise MissingSettingError(f"Set {name}, or put it in {path}.")
    return value


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", None) or parts.hostname or ""
    found: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql", "NAME": parts.path.lstrip("/"), "USER": unquote(parts.username or "ssp_app"),
        "PASSWORD": unquote(parts.password or ""), "HOST": host, "PORT": str(parts.port or ""), "CONN_HEALTH_CHECKS": True,
    }  # fmt: skip
    # the owner only migrates: one connection, no pool
    pool = {"pool": {"min_size": 0, "max_size": int(os.environ.get("SSP_DB_POOL", "8")), "timeout": 10}} if found["USER"] == "ssp_app" else {}
    # bound by the server and prepared: PostgreSQL plans a page's queries once a connection, not once a request (half of their time, script/bench)
    return {**found, "OPTIONS": {**query, **pool, "server_side_binding": True, "prepare_threshold": 2}}


DEBUG = False
SECRET_KEY = _secret("SSP_SECRET_KEY", "secret_key")
SSP_DEMO = os.environ.get("SSP_DEMO") == "1"
SSP_TLS = os.environ.get("SSP_TLS") == "1"
SSP_BASE_URL = os.environ.get("SSP_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
SSP_PDF_INSTALL = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 libfontconfig1 fonts-dejavu-core"
ALLOWED_HOSTS = os.environ.get("SSP_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_FAILURE_VIEW = "access.old_page.too_old"
CSRF_TRUSTED_ORIGINS = [SSP_BASE_URL] if SSP_TLS else []

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "ssp"}}
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True  # a worker that dies gives its task back
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# a killed worker's task goes to another after two minutes; jobs are short, and look at their row before they begin
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120, "socket_connect_timeout": 2}
CELERY_TIMEZONE = "Europe/Copenhagen"
CELERY_BEAT_SCHEDULE = {
    "outbox": {"task": "access.tasks.sweep_outboxes", "schedule": 20.0},
    "old exports": {"task": "municipalities.tasks.remove_old_exports", "schedule": 3600.0},
    "people files": {"task": "municipalities.tasks.forget_people_files", "schedule": 3600.0},
    "weekly mails": {"task": "meetings.tasks.tell_of_the_week", "schedule": 600.0},  # looks at the local clock itself: meetings.digest
    "reminders": {"task": "meetings.tasks.remind_of_agreements", "schedule": 3600.0},
    "meeting books": {"task": "meetings.tasks.forget_old_books", "schedule": 3600.0},
    "last days of seats": {"task": "meetings.tasks.leave_calendars_after_last_days", "schedule": 3600.0},
    "log partitions": {"task": "access.tasks.make_log_partitions", "schedule": 86400.0},
}

INSTALLED_APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
    "django.contrib.staticfiles", "django.contrib.postgres", "django.contrib.humanize",
    "guardian", "auditlog", "allauth", "allauth.account", "allauth.mfa", "django_htmx",
    "access", "municipalities", "meetings", "cases", "plans", "reports", "ssp",
]  # fmt: skip
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ssp.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "access.post_only.PostOnlyMiddleware",
    "access.login.SecondFactorMiddleware",
    "access.context.ContextMiddleware",  # last: its transaction is the innermost layer
]
FORM_RENDERER = "access.form_renderer.FormRenderer"
ROOT_URLCONF = "ssp.urls"
WSGI_APPLICATION = "ssp.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["access.templatetags.remembered"],
            "libraries": {"i18n": "access.templatetags.remembered_texts"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "access.web.page",
            ]
        },
    }
]
SILENCED_SYSTEM_CHECKS = ["templates.W003"]  # a second «i18n»: ours is meant to stand in the place of Django's
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# who you are
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend", "guardian.backends.ObjectPermissionBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "choose_tenant"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "access.login.ClosedDoorAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # who has just chosen it need not write it again; the second factor is asked for as at every login
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a new factor, new codes, a new password: the owner is told, whoever did it
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("SSP_PROXIES", "0"))
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "access.login.SealedFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up: the administrator who makes the account knows the address
MFA_TOTP_ISSUER = "SSP"
MFA_TOTP_TOLERANCE = 1
SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False

# what you may, what you saw
ANONYMOUS_USER_NAME = None
GUARDIAN_AUTO_PREFETCH = False
AUDITLOG_LOGENTRY_MODEL = "access.LogEntry"
AUDITLOG_USE_BASE_MANAGER = True
AUDITLOG_STORE_JSON_CHANGES = True
SSP_DATA_KEY = base64.b64decode(_secret("SSP_DATA_KEY", "data_key"))

# walls of the browser
SECURE_CSP = {
    "default-src": [CSP.NONE], "script-src": [CSP.SELF], "style-src": [CSP.SELF], "font-src": [CSP.SELF], "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF], "form-action": [CSP.SELF], "base-uri": [CSP.NONE], "frame-ancestors": [CSP.NONE],
}  # fmt: skip
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SSP_TLS
SECURE_HSTS_SECONDS = 31_536_000 if SSP_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SSP_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SSP_TLS else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
SSP_ATTACHMENT_BYTES = int(os.environ.get("SSP_ATTACHMENT_MB", "20")) * 1024 * 1024
# an upload stays in memory until it is sealed: Django's other handler would write it to /tmp in clear
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = SSP_ATTACHMENT_BYTES + 1024 * 1024

# text and time
LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "ssp_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"  # shown; stored in UTC

# files and mail
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(os.environ.get("SSP_STATIC_ROOT", SSP_HOME / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # we store files sealed: access.vault
    "staticfiles": {"BACKEND": "ssp.static_files.StaticFiles"},
}
WHITENOISE_MAX_AGE = 31_536_000
_mail = urlsplit(os.environ.get("SSP_EMAIL_URL", "smtp://127.0.0.1:2525"))
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _mail.hostname or "127.0.0.1", "port": _mail.port or 25, "timeout": 10,
            "username": unquote(_mail.username or ""), "password": unquote(_mail.password or ""), "use_tls": _mail.scheme == "smtp+tls",
        },
    }
}  # fmt: skip
DEFAULT_FROM_EMAIL = os.environ.get("SSP_MAIL_FROM", "SSP <ssp@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "ssp.log_text.SecretsOut", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"fontTools": {"level": "ERROR"}, "weasyprint": {"level": "ERROR"}},
}

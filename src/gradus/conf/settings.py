# SPDX-License-Identifier: Apache-2.0
"""Django's settings. What an installation decides comes from :mod:`gradus.conf.environment`."""

from pathlib import Path

from gradus.conf import environment

_WEB = Path(__file__).resolve().parent.parent / "web"

environment.refuse_wrong()

DATA = environment.data_folder()
DEMONSTRATION = environment.demonstration(DATA)
"""A platform to try: the secrets of its accounts are printed. Never true for real data."""

SECRET_KEY = environment.secret_key(DATA)
KEY_PASSPHRASE = environment.text("GRADUS_KEY_PASSPHRASE", "")
KEY_PASSPHRASE_FILE = Path(environment.text("GRADUS_KEY_PASSPHRASE_FILE", str(DATA / "keys.passphrase")))
"""What opens the signing keys: given, else the first line of a file, read when a key is needed."""

DEBUG = False
ADDRESS = environment.text("GRADUS_ADDRESS", "http://localhost:8000").rstrip("/")  # in letters
CONTACT = environment.text("GRADUS_CONTACT", "")  # on public pages
ALLOWED_HOSTS = environment.names("GRADUS_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.names("GRADUS_ORIGINS", "")
BEHIND_TLS = environment.flag("GRADUS_TLS")
"""Served through a proxy that speaks TLS and sets X-Forwarded-Proto."""

ROOT_URLCONF = "gradus.conf.urls"
WSGI_APPLICATION = "gradus.conf.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "gradus.journal",
    "gradus.people",
    "gradus.schemes",
    "gradus.dossiers",
    "gradus.applications",
    "gradus.evaluations",
    "gradus.visits",
    "gradus.decisions",
    "gradus.register",
    "gradus.certificates",
    "gradus.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "gradus.web.ui.middleware.BoundedBody",
    "gradus.web.ui.uploads.GivenNames",
    "gradus.web.ui.middleware.FormAddresses",
    "django.middleware.csrf.CsrfViewMiddleware",
    "gradus.web.ui.middleware.Storable",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gradus.web.ui.middleware.Desk",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "OPTIONS": {
            "environment": "gradus.web.ui.templates.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "gradus.web.ui.templates.page_context",
            ],
        },
    },
    # allauth's own templates, only for what ours do not replace (the texts of its letters).
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

DATABASES = {"default": environment.database(DATA)}

# Languages and time: Chinese first; instants are kept in UTC and shown in the time of the certification body.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "gradus_language"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Accounts
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "gradus.web.entrance.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "gradus.web.entrance.passwords.NotCommon"},
    {"NAME": "gradus.web.entrance.passwords.NotDigitsOnly"},
    {"NAME": "gradus.web.entrance.passwords.NotLikeThePerson"},
]
ACCOUNT_ADAPTER = "gradus.web.entrance.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation reaches its e-mail address before the account exists
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letter to strangers
ACCOUNT_RATE_LIMITS = not environment.flag("GRADUS_NO_RATE_LIMITS") and {"login_failed": "10/m/ip,5/5m/key"}
PUBLIC_REQUESTS_A_MINUTE = 0 if environment.flag("GRADUS_NO_RATE_LIMITS") else 120
"""That the public register answers to one address; 0 for any number."""
MFA_ADAPTER = "gradus.web.entrance.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Gradus"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation has reached the address
LOGIN_URL = "/enter/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
DATA_UPLOAD_MAX_NUMBER_FILES = 200
FILE_UPLOAD_TEMP_DIR = DATA / "uploads"

# Static files: compressed and named by their content.
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [_WEB / "ui" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "gradus.conf.static_files.NamedByContent"},
}
WHITENOISE_MAX_AGE = 60

# Letters: printed by the server unless a mail server is named.
EMAIL_HOST = environment.text("GRADUS_MAIL_HOST", "")
EMAIL_PORT = int(environment.text("GRADUS_MAIL_PORT", "25"))
EMAIL_HOST_USER = environment.text("GRADUS_MAIL_USER", "")
EMAIL_HOST_PASSWORD = environment.text("GRADUS_MAIL_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("GRADUS_MAIL_TLS")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = environment.text("GRADUS_MAIL_FROM", "Gradus <gradus@localhost>")

# What broke is told on stderr, where the service that runs the platform keeps it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}

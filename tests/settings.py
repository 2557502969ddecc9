"""Settings of the tests: point at this worker's clone, as ssp_app, then the product's own settings."""

import os

from tests import harness

os.environ.update(harness.environment())

from ssp.settings import *  # noqa: F403

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  # WhiteNoise complains of a folder that is not there, at every client

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = os.environ.get("SSP_TEST_EAGER", "1") == "1"
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
LOGGING_CONFIG = None

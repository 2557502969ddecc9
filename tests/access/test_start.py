"""Starting where a wall would not hold is refused, with a sentence."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from access.start import refuse_to_start_unsafely
from tests import harness

START = "import django; django.setup(); from access.start import refuse_to_start_unsafely; refuse_to_start_unsafely(); print('started')"


@pytest.mark.parametrize(("user", "starts"), [("ssp_app", True), ("ssp_owner", False), ("postgres", False)])
def test_only_a_role_that_cannot_bypass_the_walls_starts(django_db_setup, user, starts):
    env = {**os.environ, **harness.environment(user), "DJANGO_SETTINGS_MODULE": "ssp.settings"}
    done = subprocess.run([sys.executable, "-c", START], cwd=harness.ROOT, env=env, capture_output=True, text=True)
    assert ("started" in done.stdout) is starts
    if not starts:
        assert "walk past row-level security" in done.stderr


def test_demo_login_is_refused_as_soon_as_one_person_is_real(cast, settings):
    settings.SSP_DEMO = True
    refuse_to_start_unsafely()
    cast.konsulent.is_demo = False
    cast.konsulent.save()
    with pytest.raises(ImproperlyConfigured, match="not invented"):
        refuse_to_start_unsafely()
    settings.SSP_DEMO = False
    refuse_to_start_unsafely()


def test_the_database_refuses_a_superuser(cast):
    from django.db import IntegrityError, transaction

    cast.konsulent.is_superuser = True
    with pytest.raises(IntegrityError, match="user_no_superuser"), transaction.atomic():
        cast.konsulent.save()

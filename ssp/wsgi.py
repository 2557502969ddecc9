"""The door of the web server: `granian --interface wsgi ssp.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ssp.settings")

application = get_wsgi_application()

from access.start import refuse_to_start_unsafely  # noqa: E402  # needs the apps

refuse_to_start_unsafely()

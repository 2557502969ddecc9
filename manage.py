#!/usr/bin/env python
"""Django's management commands. The database and the role they act as are in DATABASE_URL (docs/operations.md)."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ssp.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)

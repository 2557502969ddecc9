"""Lines of the server's log: an address that is a secret in itself does not stand in them, whoever wrote the line."""

import logging
import re

# a calendar address, the link in an invitation, the link to a new password; also where its beginning or its end is missing
SECRETS = re.compile(r"(\b(?:kalender|konto/invitation|konto/kode/glemt)/)[^/\s\"']{16,}", re.IGNORECASE)


class SecretsOut(logging.Formatter):
    """The line as it would be, the trace of an error too, with the secret parts of addresses taken out."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished text: what Django writes about a refused or failed request holds its path."""
        return SECRETS.sub(r"\1…", super().format(record))

"""A stored file that leaves in pieces, after COMMIT. The one response that may stream although a log row was written for it."""

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from access.vault import StoredFile


class StoredFileResponse(StreamingHttpResponse):
    """Made of an open stored file and of nothing else: while its pieces leave, no row is read, so no ticket has to be open.

    `access.context` commits the log row before the first piece; what else streams behind a ticket is refused there.
    """

    def __init__(self, file: StoredFile, content_type: str) -> None:
        if not isinstance(file, StoredFile):
            raise TypeError("only a file of the store leaves in pieces: whatever reads rows answers as a whole, inside its transaction")
        super().__init__(file, content_type=content_type)  # closes it when the last piece has left, or the reader has gone
        self.headers["Content-Length"] = str(file.size)


def is_stored_file(response: HttpResponseBase) -> bool:
    """True for the one kind of response that may leave in pieces behind a ticket."""
    return type(response) is StoredFileResponse

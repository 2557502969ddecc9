"""PostgreSQL and Valkey for a machine that has neither: the one-command default and the servers of the tests.

Both listen on a unix socket in a folder that only their account may enter, never on the network. Starting what runs
already is fine, and so is starting after `kill -9`. PostgreSQL refuses to run as root: a caller who is root (tests in
a container) names an account for it, or the first of ssp, postgres and nobody is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ssp.folders import ServiceError
from ssp.postgres import Postgres
from ssp.valkey import Valkey


@dataclass
class Services:
    """The two servers whose state lies under `root`. durable=False is for tests: faster, and lost at a power cut."""

    root: Path
    durable: bool = True
    account: str | None = None

    def __post_init__(self) -> None:
        self.root = Path(self.root).resolve()
        self.postgres = Postgres(self.root, self.durable, self.account)
        self.valkey = Valkey(self.root, self.durable, self.account)

    @property
    def sock(self) -> Path:
        """The folder of both sockets: what `host=` of a connection to PostgreSQL wants."""
        return self.postgres.sock

    @property
    def valkey_url(self) -> str:
        """`unix:///path/of/the/socket`, also before the server runs."""
        return self.valkey.url

    def database_url(self, user: str, name: str = "ssp") -> str:
        """The address of a database on the embedded server, as that role."""
        return f"postgresql://{user}@/{name}?host={self.sock}"

    def start_pg(self) -> None:
        """See Postgres.start."""
        self.postgres.start()

    def stop_pg(self) -> bool:
        """See Postgres.stop."""
        return self.postgres.stop()

    def start_valkey(self) -> str:
        """Start Valkey if it does not run; its URL comes back."""
        self.valkey.start()
        return self.valkey.url

    def stop_valkey(self) -> bool:
        """See Valkey.stop."""
        return self.valkey.stop()


__all__ = ["ServiceError", "Services"]

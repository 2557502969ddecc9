"""The launcher itself: what happens from `script/server` to Ctrl-C, in order."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from ssp.embedded import ServiceError
from ssp.launcher.home import CODE
from ssp.launcher.product import Product


def main() -> int:
    """Run until Ctrl-C, SIGTERM or SIGHUP (0), or until something cannot be mended (1, with one sentence)."""
    parser = argparse.ArgumentParser(prog="script/server", description="Set everything up and run the product.")
    parser.add_argument("--reset", action="store_true", help="delete all data in SSP_HOME first")
    options = parser.parse_args()
    if os.geteuid() == 0:
        parser.exit(1, "script/server: the product does not run as root: script/server drops to an account of its own.\n")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    product = Product(Path(os.environ.get("SSP_HOME") or CODE / "var").absolute())
    try:
        product.run(reset=options.reset)
    except KeyboardInterrupt:
        return 0
    except ServiceError as error:
        print(f"script/server: {error}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(f"script/server: {error.filename or 'the system'}: {error.strerror or error}.", file=sys.stderr, flush=True)
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not break the end off
        product.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

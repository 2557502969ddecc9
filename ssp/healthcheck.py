"""`python -m ssp.healthcheck URL PART…`: exit code 0 when /healthz at URL says `ok` of each part. For containers."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request


def parts_at(url: str) -> dict[str, str]:
    """What /healthz says, well or unwell. Asks as 127.0.0.1, which every installation allows. Raises OSError, ValueError."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, headers={"Host": "127.0.0.1"})  # noqa: S310 (the address is ours)
    try:
        with opener.open(request, timeout=5) as answer:
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        told = json.load(error)
    return {str(part): str(state) for part, state in dict(told).items()}


def main(url: str, *wanted: str) -> int:
    """0 when all wanted parts are well, else 1 with one line."""
    try:
        told = parts_at(url)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{url}: {error}\n")
        return 1
    bad = {part: told.get(part, "not mentioned") for part in wanted if told.get(part) != "ok"}
    if bad:
        sys.stderr.write(", ".join(f"{part}: {state}" for part, state in bad.items()) + "\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""What the person at the terminal reads."""


def say(text: str) -> None:
    """One line, at once: the output may go to a file."""
    print(f"· {text}", flush=True)

"""Sentences that end with a value of their own."""


def one_full_stop(sentence: str) -> str:
    """The sentence; «… man 30. nov..», whose last word is short and has its own full stop, with one of the two."""
    return sentence[:-1] if sentence.endswith("..") and not sentence.endswith("...") else sentence

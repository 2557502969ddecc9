"""What must not break over two lines in a text: on pages, in PDFs and in what is said of days."""

import re

MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|jan|feb|mar|apr|jun|jul|aug|sept|okt|nov|dec"
NBSP, JOINER = "\u00a0", "\u2060"
KEPT_TOGETHER = (  # (what the text must hold for the pattern to be tried: most texts hold none, and each pattern is a search; what; kept how)
    ("§ ", re.compile(r"§ (?=\d)"), f"§{NBSP}"),
    (f"§{NBSP}", re.compile(r"(§\u00a0\d+)-(?=[a-zæøå])"), rf"\1{JOINER}-{JOINER}"),
    (" %", re.compile(r"(\d) %"), rf"\1{NBSP}%"),
    ("kl. ", re.compile(r"\bkl\. (?=\d)"), f"kl.{NBSP}"),
    (". ", re.compile(rf"(\d\.) (?=(?:{MONTHS})\b)"), rf"\1{NBSP}"),
)


def dk(text: str) -> str:
    """Keep together what must not break over two lines: «§ 115», «kl. 9», «12. nov.», «21 %»."""
    for mark, pattern, kept in KEPT_TOGETHER:
        if mark in text:
            text = pattern.sub(kept, text)
    return text

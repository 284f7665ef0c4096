"""How much of a foreign text is repeated? As much as a page can bear."""

TEXT_MAX = 300
"""Longest piece of foreign text (a venue's reason, a title) that is quoted."""


def quoted(text: str) -> str:
    """Foreign text, cut to a length that a page can bear."""
    return text if len(text) <= TEXT_MAX else f"{text[:TEXT_MAX]}..."

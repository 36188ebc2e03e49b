"""The line between a page and its kernel, as bad as a test wants it: see line.js."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

SCRIPT = Path(__file__).with_name("line.js")


@dataclass(frozen=True)
class Faults:
    """What becomes of each message that chat and page send each other, decided by a seed.

    Attributes
    ----------
    lost, twice, late
        The chance to be lost, to arrive twice, and to be overtaken by others.
    """

    seed: int = 1
    lost: float = 0
    twice: float = 0
    late: float = 0


def spoil(context: BrowserContext, faults: Faults) -> None:
    """Give the pages that are loaded from now on such a line."""
    context.add_init_script(f"window.lineFaults = {json.dumps(asdict(faults))}")
    context.add_init_script(path=SCRIPT)


class Line:
    """The line of a page that was loaded with faults."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def cut(self) -> None:
        """Nothing that a chat or its page says arrives, and nobody is told."""
        self._page.evaluate("line.isCut = true")

    def break_off(self) -> None:
        """Close the connection; it cannot be opened again until it is mended."""
        self._page.evaluate("line.breakOff()")

    def mend(self) -> None:
        """End what `cut` or `break_off` began. The faults of single messages go on."""
        self._page.evaluate("line.isCut = line.isBroken = false")

    def suffered(self) -> int:
        """How many messages were lost, doubled or late since the page was loaded."""
        count: int = self._page.evaluate("line.suffered")
        return count

    def has_asked_again(self) -> bool:
        """Whether a chat of the page has missed something, and has asked for it."""
        has: bool = self._page.evaluate("line.said.some(text => text.includes('resync'))")
        return has

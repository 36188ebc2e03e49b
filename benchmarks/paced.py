"""Three replies at once, each as fast as a model speaks: how long a token takes to the screen, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.answers import TOKENS_PER_SECOND
from benchmarks.figure import Figure, quantile
from benchmarks.stage import FLOOR, Scene, Stage
from browser.pages import CHAT

CHATS = 3
SECONDS = 20
SHOW = "for _ in range({number}): display({what})"


@dataclass(frozen=True)
class Streams:
    """What came of the streams: the lags of all tokens in ms, and CPU seconds."""

    lags: list[float]
    browser_cpu: float
    kernel_cpu: float


def run(stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Measure the floors, then the chats, in one page."""
    tokens = TOKENS_PER_SECOND * (SECONDS // 4 if quick else SECONDS)
    cells = [SHOW.format(number=CHATS, what=what) for what in ("Floor()", "cl.Chat(app)")]
    with stage.scene(*cells) as scene:
        floor = _stream(scene, 1, FLOOR, tokens)
        chat = _stream(scene, 2, CHAT, tokens)
    yield Figure("emit to visible, p50", quantile(chat.lags, 0.5), "ms", quantile(floor.lags, 0.5))
    yield Figure("emit to visible, p95", quantile(chat.lags, 0.95), "ms", quantile(floor.lags, 0.95), most=100)
    yield Figure("emit to visible, worst", max(chat.lags), "ms", max(floor.lags))
    yield Figure("browser CPU", chat.browser_cpu, "s", floor.browser_cpu, most_ratio=1.5)
    yield Figure("kernel CPU", chat.kernel_cpu, "s", floor.kernel_cpu)


def _stream(scene: Scene, index: int, selector: str, tokens: int) -> Streams:
    views = scene.show(index, selector, CHATS)
    for view in views:
        view.ask("echo", 1)
    kernel, browser = scene.kernel_cpu(), scene.browser_cpu()
    for view in views:
        view.follow(f"paced {tokens}", 2)
    lags = [view.lags() for view in views]
    browser, kernel = scene.browser_cpu() - browser, scene.kernel_cpu() - kernel
    scene.clear(index)
    if (seen := sum(map(len, lags))) != CHATS * tokens:
        raise RuntimeError(f"Of {CHATS * tokens} tokens only {seen} were seen.")
    return Streams([lag for each in lags for lag in each], browser, kernel)

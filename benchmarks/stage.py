"""Where the scenarios in a browser play: a JupyterLab and a Chromium of their own, with the probe in each page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self, TypedDict

from playwright.sync_api import Locator, expect, sync_playwright

from benchmarks import ROOT
from benchmarks.answers import last_words
from browser import chromium
from browser.conftest import QUIET
from browser.lab import Lab
from browser.pages import BUSY_TURNS, Notebook
from browser.server import LabServer

PROBE = Path(__file__).with_name("probe.js")
FLOOR = "[data-floor]"
TRACED = ["disabled-by-default-devtools.timeline"]
SECONDS = 120
"""How long anything may take."""

SETUP = f"""
import sys, time
sys.path.append({str(ROOT)!r})
from IPython.display import display
import anychat as cl
from benchmarks.answers import conversation
from benchmarks.chats import app
from benchmarks.floor import Floor
"""
SHOW_CHAT = "display(cl.Chat(app))"
SHOW_FLOOR = "display(Floor())"
SHOW_PLAIN_FLOOR = "display(Floor(coalesced=False))"


class Traffic(TypedDict):
    """What travelled between page and kernel: characters or bytes, and messages both ways."""

    received: int
    sent: int
    messages: int


@dataclass(frozen=True)
class Exchange:
    """From Enter until the answer's last character was on the screen.

    Attributes
    ----------
    ms : float
        How long that was.
    worst : float
        The longest that one frame took, in ms.
    longest : float
        The longest task of the main thread, in ms; 0 when all were shorter than 50 ms.
    long : int
        How many tasks were longer than 50 ms.
    """

    ms: float
    worst: float
    longest: float
    long: int


@dataclass(frozen=True)
class Scroll:
    """What scrolling was like: the longest frame in ms; and how many turns were in the page in the end."""

    worst: float
    turns: int


@dataclass(frozen=True)
class Opening:
    """How long a cell took, in ms: until its chats can be written in, and until the newest turn is on the screen."""

    usable: float
    painted: float


class View:
    """A chat, or the floor, in a page.

    What is measured is done by handles: a locator looks through all that a chat shows, and that takes the page's time.
    """

    def __init__(self, host: Locator) -> None:
        self.host = host
        self._element = host.element_handle()
        self._composer = host.locator("textarea").element_handle()

    def ask(self, message: str, tag: object) -> Exchange:
        """Send a message with this number, and wait for its answer and for the end of its turn."""
        self._composer.fill(f"{message} {tag}")
        self._element.evaluate("(host, ending) => benchmark.watch(host, ending)", last_words(tag))
        self._composer.press("Enter")
        exchange = Exchange(**self._element.evaluate("host => host.benchmark"))
        expect(self.host.locator(BUSY_TURNS)).to_have_count(0)
        return exchange

    def follow(self, message: str, tag: object) -> None:
        """Send a message whose answer carries the time; `lags` tells what came of it."""
        self._element.evaluate("(host, ending) => benchmark.follow(host, ending)", last_words(tag))
        self._composer.fill(f"{message} {tag}")
        self._composer.press("Enter")

    def lags(self) -> list[float]:
        """How long each token took to the screen, in ms; waits for the last."""
        lags: list[float] = self._element.evaluate("host => host.benchmark")
        return lags

    def scroll_up(self, frames: int) -> Scroll:
        """Scroll towards the beginning for so many frames, as fast as a reader who looks for something."""
        self.host.scroll_into_view_if_needed()
        return Scroll(**self._element.evaluate("(host, frames) => benchmark.scrollUp(host, frames)", frames))


class Scene:
    """A notebook whose first cell has made all that the others need, and the counters of its page and kernel."""

    def __init__(self, notebook: Notebook) -> None:
        page = notebook.page
        browser = page.context.browser
        assert browser is not None, "The context was made by a browser."
        self.notebook = notebook
        self._page = page
        self._browser = browser
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable", {"timeDomain": "threadTicks"})  # whatever else the machine does
        self._processes = browser.new_browser_cdp_session()

    # ── What is done ─────────────────────────────────────────────────────────────────────────────

    def show(self, index: int, selector: str, number: int = 1) -> list[View]:
        """Run a cell, and wait until so many chats (or floors) can be written in."""
        self.notebook.run(index)
        hosts = self.notebook.cell(index).locator(selector)
        expect(hosts.nth(number - 1).locator("textarea")).to_be_enabled()
        return [View(hosts.nth(position)) for position in range(number)]

    def time_to_use(
        self, index: int, selector: str, *, ending: str = "", command: str = "notebook:run-cell", number: int = 1
    ) -> tuple[Opening, View]:
        """Run a cell, and tell how long it took until the page's first `number` chats can be written in.

        Parameters
        ----------
        index, selector, number
            As for `show`; no more may be in the page.
        ending
            How the conversation ends that the last of them shows.
        command
            JupyterLab's, for running more than that cell.
        """
        script = """([index, selector, number, ending, command]) => {
          const { commands, shell } = window.jupyterapp;
          const panel = [...shell.widgets("main")].find((widget) => widget.content?.activeCell !== undefined);
          panel.content.activeCellIndex = index;
          return benchmark.timeToUse(() => commands.execute(command), selector, number, ending);
        }"""
        opening = Opening(**self._page.evaluate(script, [index, selector, number, ending, command]))
        self.notebook.wait_until_idle()
        return opening, View(self.notebook.cell(index).locator(selector).last)

    def clear(self, index: int) -> None:
        """Remove what a cell shows."""
        self.notebook.clear_output(index)

    def wait_until_quiet(self, seconds: float = 1.0) -> None:
        """Wait until nothing travelled for a while."""
        self._page.evaluate("ms => benchmark.quiet(ms)", 1000 * seconds)

    def listen(self, seconds: float) -> Traffic:
        """What travels in so many seconds in which nobody does anything."""
        before = self.traffic()
        self._page.wait_for_timeout(1000 * seconds)
        return difference(before, self.traffic())

    # ── What is counted ──────────────────────────────────────────────────────────────────────────

    def browser_cpu(self) -> float:
        """CPU seconds of all processes of the browser."""
        processes = self._processes.send("SystemInfo.getProcessInfo")["processInfo"]
        return sum(float(process["cpuTime"]) for process in processes)

    def main_thread(self) -> float:
        """CPU seconds of the page's main thread."""
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        return sum(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")

    def longest_task(self, act: Callable[[], object]) -> float:
        """CPU ms of the main thread's longest task while something is done; tracing makes that a little slower."""
        self._browser.start_tracing(page=self._page, categories=TRACED)
        act()
        events = json.loads(self._browser.stop_tracing())["traceEvents"]
        names = [event for event in events if event["name"] == "thread_name"]
        main = {_thread(event) for event in names if event["args"]["name"] == "CrRendererMain"}
        tasks = [event for event in events if event["name"] == "RunTask" and _thread(event) in main]
        return max(float(task.get("tdur", 0)) for task in tasks) / 1000

    def heap(self) -> float:
        """What the page keeps in MB, without garbage: its objects, and the elements that it shows."""
        self._devtools.send("HeapProfiler.collectGarbage")
        usage = self._devtools.send("Runtime.getHeapUsage")
        return float(usage["usedSize"] + usage.get("embedderHeapUsedSize", 0)) / 1e6

    def kernel_cpu(self) -> float:
        """CPU seconds of the kernel."""
        return float(self.notebook.eval("time.process_time()"))

    def traffic(self) -> Traffic:
        """What has travelled so far."""
        counted: Traffic = self._page.evaluate("benchmark.traffic")
        return counted

    def modules(self) -> list[int]:
        """The sizes of the modules that the page made from bytes so far."""
        sizes: list[int] = self._page.evaluate("benchmark.modules")
        return sizes


def _thread(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]


def difference(before: Traffic, after: Traffic) -> Traffic:
    """What travelled in between."""
    return Traffic(
        received=after["received"] - before["received"],
        sent=after["sent"] - before["sent"],
        messages=after["messages"] - before["messages"],
    )


class Stage:
    """JupyterLab and Chromium, while the context lasts; started when the first scenario asks for a notebook."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._lab: tuple[LabServer, Any, Path] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    @contextmanager
    def scene(self, *cells: str) -> Iterator[Scene]:
        """A notebook of these cells, after the one that sets it up; in a browser that knows nothing."""
        server, browser, folder = self._lab = self._lab or self._open()
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(1000 * SECONDS)
        context.add_init_script(path=PROBE)
        lab = Lab(server, context, folder)
        try:
            notebook = lab.open([SETUP, *cells])
            notebook.run(0)
            yield Scene(notebook)
            if errors := lab.errors():
                raise RuntimeError("Errors in the page:\n" + "\n".join(errors))
        finally:
            lab.close()

    def _open(self) -> tuple[LabServer, Any, Path]:
        folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="anychat-benchmarks-")))
        server = self._stack.enter_context(LabServer(folder / "lab"))
        arguments = [*QUIET, "--no-sandbox"] if chromium.is_root() else list(QUIET)
        path = chromium.require()
        playwright = self._stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        self._stack.callback(browser.close)
        expect.set_options(timeout=1000 * SECONDS)
        return server, browser, folder

"""One run: real chats, real pages, bad lines between them, and somebody who writes, stops and starts over.

::

    Dispatcher ── send ──▶ Line ──▶ Store         all in virtual time, all chosen by one seed
               ◀─ receive ── Line ◀── sends

While it runs, no page may say "live" that can know better. In the end all is well with the lines, and each page
must show what the kernel has; each message is taken once, or its text is back with who wrote it.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from random import Random
from typing import Any, NoReturn

import msgspec

import anychat as cl
from anychat.dispatcher import Dispatcher
from anychat.host import PlainHost
from anychat.pacer import LoopTimers, Pacer
from anychat.session import Session
from faults.browser import Browser, Outcome, PageState
from faults.virtual_time import VirtualLoop
from faults.weather import LATE, Faults, Line

HISTORY = 60  # lines of a failure's report, beside those about the messages in question
SAMPLE = 0.25  # seconds between looks at the pages
SETTLE = 90.0  # seconds until all must agree, once all is well
REST = 60.0  # seconds until nobody has a timer left
BEHIND_SHOWS = 2.05  # seconds that a page may say "live" when it was told that there is more
SILENCE_SHOWS = 7.3  # the same, when it waits for news and hears nothing
PAUSE = (0.2, 2.5)  # seconds between what somebody does
Position = tuple[int, int]


@dataclass(frozen=True)
class Plot:
    """What happens in a run, but for what its seed decides.

    Attributes
    ----------
    faults
        Of all lines, until the time is over.
    seconds
        How long things happen.
    tabs, chats
        Each tab shows each chat.
    words
        How many tokens an answer has, at least and at most.
    reload_every
        Seconds between loads of each tab.
    history
        How many turns each chat has to begin with.
    restarts
        How often somebody begins a new chat.
    is_talkative
        Whether somebody writes all the time; else only a cell does: before the lines die, and while they are dead.
    is_eventful
        Whether answers have steps, buttons and questions, too, and somebody clicks.
    """

    faults: Faults = field(default_factory=Faults)
    seconds: float = 12
    tabs: int = 1
    chats: int = 1
    words: tuple[int, int] = (3, 60)
    reload_every: float | None = None
    history: int = 0
    restarts: int = 0
    is_talkative: bool = True
    is_eventful: bool = False


def play(browser: Browser, seed: int, plot: Plot) -> set[str]:
    """Run the story of a seed; returns all that pages said of their lines meanwhile.

    Raises
    ------
    AssertionError
        When a page lies, differs in the end, or a message is lost; with the seed and what happened last.
    """
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_Story(browser, seed, plot).run())


@dataclass
class _Chat:
    dispatcher: Dispatcher
    sessions: list[Session]
    answered: list[str]
    said: dict[str, str] = field(default_factory=dict)  # text -> the page it was written in
    returned: set[str] = field(default_factory=set)  # texts that left the chat with a page, or were taken back
    clicks: Counter[str] = field(default_factory=Counter)  # by the button's label, as all pages made them
    heard: Counter[str] = field(default_factory=Counter)  # the same, as callbacks heard of them

    def take(self, command: str) -> None:
        self.dispatcher.receive(command)
        if self.dispatcher.session is not self.sessions[-1]:
            self.sessions.append(self.dispatcher.session)

    @property
    def turns(self) -> list[dict[str, Any]]:
        """As a page shows them: what is part of another item stands after it."""
        turns: list[dict[str, Any]] = msgspec.to_builtins(self.sessions[-1].emitter.transcript.turns)
        return [{**turn, "items": list(_with_parts(turn["items"]))} for turn in turns]

    @property
    def is_idle(self) -> bool:
        return self.sessions[-1].running is None and not self.sessions[-1].inbox

    def texts(self, session: Session) -> set[str]:
        return {message.content for message in session.emitter.transcript.messages()}


@dataclass
class _Page:
    name: str
    chat: _Chat
    tab: _Tab
    told: Position = (0, 0)
    heard_at: float = 0
    behind_since: float | None = None
    busy_since: float | None = None
    pictured_since: float | None = None


@dataclass
class _Tab:
    number: int
    down: Line
    up: Line
    pages: list[_Page] = field(default_factory=list)
    loads: int = 0


class _Story:
    def __init__(self, browser: Browser, seed: int, plot: Plot) -> None:
        self._browser = browser
        self._seed = seed
        self._plot = plot
        self._random = Random(seed)
        self._history: list[str] = []
        self._pages: dict[str, _Page] = {}
        self._states: dict[str, PageState] = {}
        self._wake: asyncio.TimerHandle | None = None
        self._words = 0
        self._said: set[str] = set()
        self._trouble: BaseException | None = None

    async def run(self) -> set[str]:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._remember)
        self._order("reset")
        pacer = Pacer(LoopTimers(self._loop), clock=self._loop.time)
        self._chats = [self._new_chat(number, pacer) for number in range(self._plot.chats)]
        self._tabs = [self._new_tab(number) for number in range(self._plot.tabs)]
        for tab in self._tabs:
            self._load(tab)
        await self._bad_times()
        for tab in self._tabs:
            tab.down.clear_up()
            tab.up.clear_up()
            self._set_line(tab, is_down=False)
        self._note("all is well from here on")
        await self._good_times()
        self._check_messages()
        await asyncio.wait([asyncio.wrap_future(chat.dispatcher.end()) for chat in self._chats])
        self._order("reset")
        return self._said

    # ── What happens ─────────────────────────────────────────────────────────────────────────────

    async def _bad_times(self) -> None:
        acts = sorted(self._acts(), key=lambda act: act[0])
        for when, act in acts:
            await self._wait_until(when)
            act()
        await self._wait_until(self._plot.seconds)

    async def _wait_until(self, when: float) -> None:
        await asyncio.sleep(when - self._loop.time())
        if self._trouble is not None:
            raise self._trouble

    def _remember(self, loop: asyncio.AbstractEventLoop, report: dict[str, Any]) -> None:
        """What a timer raises, asyncio would only log."""
        self._trouble = self._trouble or report.get("exception") or RuntimeError(report["message"])

    def _acts(self) -> Iterator[tuple[float, Callable[[], object]]]:
        plot, end = self._plot, self._plot.seconds
        first, last = plot.faults.dead
        for now in _every(SAMPLE, end):
            yield now, self._look
        for tab in self._tabs:
            for now in _every(plot.reload_every, end) if plot.reload_every else ():
                yield now, partial(self._load, tab)
            if plot.faults.is_told:
                yield first, partial(self._set_line, tab, is_down=True)
                yield last, partial(self._set_line, tab, is_down=False)
            for number in range(plot.chats) if plot.is_talkative else ():
                for now in self._moments(end):
                    yield now, partial(self._act, tab, number)
        for now in () if plot.is_talkative else (1, first + 2, last - 1):
            yield now, partial(self._say_in_cell, self._chats[0])
        for _ in range(plot.restarts):
            yield self._random.uniform(0.2, 0.9) * end, self._restart

    def _moments(self, end: float) -> Iterator[float]:
        now = self._random.uniform(*PAUSE)
        while now < end:
            yield now
            now += self._random.uniform(*PAUSE)

    def _act(self, tab: _Tab, number: int) -> None:
        page = tab.pages[number]
        deeds = {"say": 7, "stop": 1, "withdraw": 1, "scroll up": 2, "cell": 1}
        if self._plot.is_eventful:
            deeds["click"] = 6
        match self._random.choices(list(deeds), list(deeds.values()))[0]:
            case "say":
                self._say(page)
            case "stop" | "scroll up" as intent:
                self._order(intent, page)
            case "withdraw":
                page.chat.returned.update(filter(None, [self._order("withdraw", page)]))
            case "cell":
                self._say_in_cell(page.chat)
            case "click":
                page.chat.clicks.update(filter(None, [self._order("click", page, which=self._random.randrange(100))]))

    def _say(self, page: _Page) -> None:
        text = self._new_text()
        page.chat.said[text] = page.name
        self._order("say", page, text=text)

    def _say_in_cell(self, chat: _Chat) -> None:
        text = self._new_text()
        chat.said[text] = "a cell"
        self._note(f"a cell says {text}")
        chat.dispatcher.submit(text)

    def _new_text(self) -> str:
        self._words += 1
        return f"{self._seed}-{self._words}"

    def _restart(self) -> None:
        self._order("restart", self._random.choice(list(self._pages.values())))

    def _load(self, tab: _Tab) -> None:
        """Load the tab, perhaps not for the first time: its pages are gone, with what they had not sent."""
        end = self._random.choice(["crash", "leave"])
        for page in tab.pages:
            sight = self._order(end, page)
            unsent = [pending["content"] for pending in sight["outbox"] if not pending["isKnown"]]
            page.chat.returned.update(unsent, sight["composer"])
            del self._pages[page.name]
        tab.loads += 1
        tab.pages = [
            _Page(f"tab {tab.number} chat {number} load {tab.loads}", chat, tab, heard_at=self._loop.time())
            for number, chat in enumerate(self._chats)
        ]
        for page in tab.pages:
            self._pages[page.name] = page
            self._order("open", page)

    def _set_line(self, tab: _Tab, *, is_down: bool) -> None:
        for page in tab.pages:
            self._order("line", page, isDown=is_down)

    # ── What travels ─────────────────────────────────────────────────────────────────────────────

    def _order(self, do: str, page: _Page | None = None, **details: object) -> Any:
        if do not in ("wait", "look", "receive"):
            self._note(f"{page.name if page else 'pages'}: {do} {' '.join(map(str, details.values()))}")
        where = {"page": page.name} if page else {}
        outcome = self._browser.order(self._loop.time(), do, **where, **details)
        self._follow(outcome)
        return outcome.result

    def _follow(self, outcome: Outcome) -> None:
        for name, command in outcome.commands:
            if name in self._pages:
                self._carry_up(self._pages[name], command)
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        if outcome.next is not None:
            self._wake = self._loop.call_at(outcome.next, self._order, "wait")
        self._states = outcome.states
        for name, state in outcome.states.items():
            self._check_truth(self._pages[name], state)

    def _carry_up(self, page: _Page, command: str) -> None:
        arrivals = page.tab.up.arrivals(self._loop.time())
        self._note_parcel(f"{page.name} ──▶", command, arrivals)
        for when in arrivals:
            self._loop.call_at(when, page.chat.take, command)

    def _carry_down(self, number: int, text: str) -> None:
        for tab in self._tabs:
            page = tab.pages[number]
            arrivals = tab.down.arrivals(self._loop.time())
            self._note_parcel(f"{page.name} ◀──", text, arrivals)
            for when in arrivals:
                self._loop.call_at(when, self._deliver, page, text)

    def _deliver(self, page: _Page, text: str) -> None:
        if page.name not in self._pages:
            return
        page.heard_at = self._loop.time()
        page.told = max(page.told, _position_after(text))
        self._order("receive", page, text=text)

    # ── What must hold ───────────────────────────────────────────────────────────────────────────

    def _look(self) -> None:
        self._order("wait")

    def _check_truth(self, page: _Page, state: PageState) -> None:
        now = self._loop.time()
        self._said.add(state.connection)
        is_behind = (state.epoch, state.seq) < page.told
        page.behind_since = (page.behind_since or now) if is_behind else None
        page.busy_since = (page.busy_since or now) if state.is_busy else None
        page.pictured_since = (page.pictured_since or now) if state.epoch > 0 else None
        if state.connection == "connecting" and now - (page.pictured_since or now) > BEHIND_SHOWS:
            self._fail(f"{page.name} says it is connecting, and has a picture since {page.pictured_since:.2f}")
        if state.connection != "live":
            return
        if page.behind_since is not None and now - page.behind_since > BEHIND_SHOWS:
            self._fail(f"{page.name} says it is live, and was told of {page.told} since {page.behind_since:.2f}")
        quiet_since = max(page.heard_at, page.busy_since or now)
        if now - quiet_since > SILENCE_SHOWS:
            self._fail(f"{page.name} says it is live, and waits in silence since {quiet_since:.2f}")

    async def _good_times(self) -> None:
        end = self._loop.time() + SETTLE
        while self._loop.time() < end and not self._all_agree():
            await self._wait_until(self._loop.time() + 1)
            self._look()
            for page in self._pages.values():
                self._scroll_up(page)
                if self._states[page.name].connection == "lost":
                    self._order("try again", page)
        await self._wait_until(self._loop.time() + REST)
        for page in self._pages.values():
            self._check_sight(page)
        if self._wake is not None:
            self._fail(f"the pages still have a timer, due at {self._wake.when():.2f}")

    def _scroll_up(self, page: _Page) -> None:
        if self._order("look", page)["earlier"]:
            self._order("scroll up", page)

    def _all_agree(self) -> bool:
        return all(chat.is_idle for chat in self._chats) and all(map(self._agrees, self._pages.values()))

    def _agrees(self, page: _Page) -> bool:
        sight = self._order("look", page)
        is_live = self._states[page.name].connection == "live"
        return is_live and not sight["outbox"] and bool(sight["turns"] == page.chat.turns)

    def _check_sight(self, page: _Page) -> None:
        sight, connection = self._order("look", page), self._states[page.name].connection
        if sight["turns"] != page.chat.turns:
            shown, there = _first_difference(sight["turns"], page.chat.turns)
            self._fail(f"{page.name} ({connection}) shows\n   {shown}\nbut the kernel has\n   {there}")
        if sight["info"] != msgspec.to_builtins(page.chat.sessions[-1].emitter.transcript.info):
            self._fail(f"{page.name} shows another title than the kernel has: {sight['info']}")
        if sight["outbox"]:
            waiting = [pending["content"] for pending in sight["outbox"]]
            self._fail(f"{page.name} still has {waiting} in its outbox", waiting)
        if sight["asked"]:
            self._fail(f"{page.name} still asks for {sight['asked']}")
        if connection != "live":
            self._fail(f"{page.name} shows all there is, and says {connection!r}")
        composer = set(sight["composer"])
        page.chat.returned |= composer
        twice = composer & page.chat.texts(page.chat.sessions[-1])
        if twice:
            self._fail(f"{page.name} shows {sorted(twice)} in the thread and in the composer", sorted(twice))

    def _check_messages(self) -> None:
        for chat in self._chats:
            twice = [text for text, count in Counter(chat.answered).items() if count > 1]
            if twice:
                self._fail(f"answered twice: {twice}", twice)
            taken = set().union(*map(chat.texts, chat.sessions))
            lost = [text for text in chat.said if text not in taken | chat.returned]
            if lost:
                self._fail(f"lost: {[(text, chat.said[text]) for text in lost]}", lost)
            if more := chat.heard - chat.clicks:
                self._fail(f"callbacks heard of clicks that nobody made: {dict(more)}", list(more))

    def _fail(self, reason: str, about: Sequence[str] = ()) -> NoReturn:
        last = len(self._history) - HISTORY
        words = ("restart", *about) if about else ()
        shown = [line for at, line in enumerate(self._history) if at >= last or any(word in line for word in words)]
        raise AssertionError(
            f"seed {self._seed}, at {self._loop.time():.2f} s: {reason}.\n"
            f"Play it again with FAULT_SEED={self._seed}. What happened:\n  " + "\n  ".join(shown)
        )

    # ── Parts ────────────────────────────────────────────────────────────────────────────────────

    def _new_chat(self, number: int, pacer: Pacer) -> _Chat:
        answered: list[str] = []
        heard: Counter[str] = Counter()

        async def answer(message: cl.Message) -> None:
            answered.append(message.content)
            random = Random(message.content)
            if self._plot.is_eventful and (scene := random.choice(_SCENES)):
                answered.extend(filter(None, [await scene(message.content, random)]))
            await _stream_answer(message.content, self._plot.words)

        async def hear_click(action: cl.Action) -> None:
            heard[action.label] += 1
            await asyncio.sleep(0.5)
            await cl.Message(f"{action.label} was clicked").send()

        def send(text: str, buffers: Sequence[bytes]) -> None:
            self._carry_down(number, text)

        history = [{"role": "user", "content": f"once upon a time {turn}"} for turn in range(self._plot.history)]
        app = cl.App("Parrot", answer)
        app.action_callback("click")(hear_click)
        dispatcher = Dispatcher(app, PlainHost(self._loop), send, history=history, pacer=pacer)
        return _Chat(dispatcher, [dispatcher.session], answered, heard=heard)

    def _new_tab(self, number: int) -> _Tab:
        faults = self._plot.faults
        return _Tab(number, Line(faults, self._random), Line(replace(faults, limit=None), self._random))

    def _note_parcel(self, way: str, text: str, arrivals: list[float]) -> None:
        """Routine that arrives is no news."""
        brief, delays = _brief(text), [when - self._loop.time() for when in arrivals]
        fate = " and ".join(f"+{delay * 1000:.0f} ms" for delay in delays) or "is lost"
        is_routine = brief.startswith("ack") or brief.endswith("(token)")
        if not (is_routine and len(delays) == 1 and delays[0] < LATE[0]):
            self._note(f"{way} {brief} {fate}")

    def _note(self, what: str) -> None:
        self._history.append(f"{self._loop.time():7.3f}  {what}")


async def _stream_answer(text: str, words: tuple[int, int]) -> None:
    """Stream an answer that the question decides; sometimes change one's mind about it."""
    random = Random(text)
    message = cl.Message("")
    for word in range(random.randint(*words)):
        await asyncio.sleep(random.choice([0, 0.001, 0.005, 0.02, 0.06]))
        await message.stream_token(f"{word} ")
    match random.choice(["send", "send", "send", "replace", "remove", "fail"]):
        case "send":
            await message.send()
        case "replace":
            message.content = f"another answer to {text}, ..."
            await message.update()
        case "remove":
            await message.remove()
        case "fail":
            raise ValueError(f"no answer to {text}")


async def _work(text: str, random: Random) -> None:
    async with cl.Step(f"work on {text}") as step:
        await step.stream_token("of ", is_input=True)
        await step.stream_token(text, is_input=True)
        async with cl.Step("a part of it", type="tool") as part:
            await asyncio.sleep(random.choice([0, 0.02, 1]))
            part.output = "done"
        for number in range(random.randint(1, 9)):
            await step.stream_token(f"{number} ")
        if random.random() < 0.2:
            await step.remove()


async def _offer(text: str, random: Random) -> None:
    buttons = [cl.Action("click", {}, label=f"{text} button {number}") for number in range(random.randint(1, 3))]
    message = cl.Message(f"buttons of {text}", actions=buttons)
    await message.send()
    await asyncio.sleep(random.choice([0, 1, 3]))
    if random.random() < 0.3:
        await message.remove_actions()


async def _ask(text: str, random: Random) -> str | None:
    """What the user said must not be heard again."""
    answer = await cl.AskUserMessage(f"what about {text}?", timeout=random.choice([0.5, 3])).send()
    return answer["output"] if answer else None


async def _let_choose(text: str, random: Random) -> None:
    choices = [cl.Action("choice", {}, label=f"{text} choice {number}") for number in range(2)]
    await cl.AskActionMessage(f"which, {text}?", choices, timeout=random.choice([0.5, 3])).send()


_SCENES = (None, _work, _offer, _ask, _let_choose)


def _every(step: float, end: float) -> list[float]:
    return [step * count for count in range(1, int(end / step) + 1) if step * count < end]


def _brief(text: str) -> str:
    packet = json.loads(text)
    kind = packet["type"]
    match kind:
        case "events":
            kinds = ", ".join(dict.fromkeys(event["type"] for event in packet["events"]))
            last = packet["first"] + len(packet["events"]) - 1
            return f"events {packet['epoch']}:{packet['first']}-{last} ({kinds})"
        case "user_message":
            return f"{kind} {packet['content']}"
        case "stop" | "withdraw":
            return f"{kind} {packet['turn'][:8]}"
    return f"{kind} {packet.get('epoch', '')}:{packet.get('seq', '')}"


def _with_parts(items: Sequence[Any], owner: str | None = None) -> Iterator[Any]:
    known = {item["id"] for item in items}
    for item in items:
        around = None if item["kind"] == "message" else item.get("for_id") or item.get("parent_id")
        if (around if around in known else None) == owner:
            yield item
            yield from _with_parts(items, item["id"])


def _first_difference(shown: Sequence[Any], there: Sequence[Any]) -> tuple[str, str]:
    """Where two conversations part: the turns, or in a turn the items."""
    here, other = next(pair for pair in zip_longest(shown, there) if pair[0] != pair[1])
    if here and other and here.get("items") != other.get("items"):
        return _first_difference(here["items"], other["items"])
    return json.dumps(here), json.dumps(other)


def _position_after(text: str) -> Position:
    """How far a packet tells that the kernel is."""
    packet = json.loads(text)
    match packet["type"]:
        case "events":
            return packet["epoch"], packet["first"] + len(packet["events"]) - 1
        case "snapshot" | "earlier" | "head":
            return packet["epoch"], packet["seq"]
    return 0, 0

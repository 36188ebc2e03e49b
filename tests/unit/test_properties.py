"""What must hold for every interleaving and every loss: isolation, order, and nothing lost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

import anychat as cl
from anychat.emitter import Emitter
from anychat.pacer import Pacer
from anychat.protocol import (
    Ack,
    Command,
    Event,
    Hello,
    ItemPut,
    ItemRemoved,
    MessagePatch,
    Resync,
    Token,
    TurnPut,
    TurnRemoved,
)
from anychat.testing import ChatDriver, Page
from anychat.transcript import Transcript
from unit.fakes import INFO, Time, message

SESSIONS = 100
HOPS = ["await", "task", "thread", "generator", "stream"]


def wandering_app() -> cl.App:
    """Its callback does one note per step of the message, each from somewhere else."""
    app = cl.App()

    def note(name: str) -> None:
        cl.user_session.set("notes", [*cl.user_session.get("notes", []), f"{name}@{cl.user_session.get('id')}"])

    async def note_async(name: str) -> None:
        await asyncio.sleep(0)
        note(name)

    async def pieces(name: str) -> AsyncIterator[str]:
        yield name
        await asyncio.sleep(0)
        note(name)
        yield "."

    @app.on_message
    async def reply(message: cl.Message) -> None:
        answer = cl.Message("")
        for step in message.content.split():
            match step:
                case "await":
                    await note_async(step)
                case "task":
                    await asyncio.create_task(note_async(step))
                case "thread":
                    await asyncio.to_thread(note, step)
                case "generator":
                    async for piece in pieces(step):
                        await answer.stream_token(piece)
                case "stream":
                    await answer.stream_token(cl.user_session.get("id"))
                    note(step)
        await answer.send()

    return app


@settings(max_examples=8, deadline=None)
@given(st.lists(st.lists(st.sampled_from(HOPS), min_size=1, max_size=5), min_size=5, max_size=12))
def test_whatever_interleaves_sessions_keep_to_themselves(walks: list[list[str]]) -> None:
    async def one_user(app: cl.App, number: int) -> None:
        async with ChatDriver(app) as user:
            said = [walks[(number + turn) % len(walks)] for turn in range(2)]
            turns = await asyncio.gather(*(user.send(" ".join(walk)) for walk in said))
            me = user.session.id
            assert user.state.notes == [f"{step}@{me}" for walk in said for step in walk]
            for walk, turn in zip(said, turns, strict=True):
                shown = {"generator": "generator.", "stream": me}
                assert turn.text == "".join(shown.get(step, "") for step in walk)

    async def everybody() -> None:
        app = wandering_app()
        await asyncio.gather(*(one_user(app, number) for number in range(SESSIONS)))

    asyncio.run(everybody())


MOVES = ["say", "rewind", "fork"]


def remembering_app() -> cl.App:
    """It keeps in the state what it was told, and whose state that is."""
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> str:
        kept = cl.user_session.get("kept", [])
        await asyncio.sleep(0)
        cl.user_session.set("kept", [*kept, message.content])
        cl.user_session.set("owner", message.content.split(":")[0])
        return f"kept {len(kept) + 1}"

    return app


class Walker:
    """Somebody with a chat of their own, who goes back in it and forks it; all that is said names them."""

    def __init__(self, app: cl.App, name: str) -> None:
        self.name = name
        self.chats = [(cl.Chat(app, loop="thread"), list[str]())]

    async def walk(self, moves: list[tuple[str, int]]) -> None:
        for number, (move, where) in enumerate(moves):
            chat, said = self.chats[where % len(self.chats)]
            if move == "say" or not said:
                said.append(f"{self.name}:{number}")
                turn = await chat.send(said[-1])
                assert turn.text == f"kept {len(said)}"
            elif move == "rewind":
                index = where % len(said)
                chat.rewind(2 * index)
                del said[index:]
            elif move == "fork":
                index = where % (len(said) + 1)
                self.chats.append((chat.fork(2 * index if index < len(said) else None), said[:index]))
            self.check()

    def check(self) -> None:
        for chat, said in self.chats:
            assert chat.state.get("kept", []) == said
            assert chat.state.get("owner", self.name) == self.name
            assert [message.content for message in chat.messages][::2] == said

    def close(self) -> None:
        for chat, _ in self.chats:
            chat.close()


@settings(max_examples=5, deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 9)), max_size=8), min_size=3, max_size=8))
def test_no_value_crosses_while_all_say_rewind_and_fork(walks: list[list[tuple[str, int]]]) -> None:
    async def everybody() -> None:
        app = remembering_app()
        walkers = [Walker(app, f"user {number}") for number in range(SESSIONS)]
        moves = (walks[number % len(walks)] for number in range(SESSIONS))
        await asyncio.gather(*(walker.walk(each) for walker, each in zip(walkers, moves, strict=True)))
        for walker in walkers:
            walker.check()
            walker.close()

    asyncio.run(everybody())


class BadNetwork:
    """Between an emitter and a page: holds what is sent until the test says what becomes of it."""

    def __init__(self) -> None:
        self.time = Time()
        self.emitter = Emitter(Transcript(INFO), self._sent, Pacer(self.time, clock=self.time.clock))
        self.page = Page()
        self.packets: list[str] = []
        self.commands: list[Command] = [self.page.ask()]

    def _sent(self, text: str, buffers: Sequence[bytes]) -> None:
        self.packets.append(text)

    def deliver(self, index: int, *, lose: bool = False, twice: bool = False) -> None:
        """Deliver some packet, not always the oldest, and some command."""
        if self.packets:
            packet = self.packets.pop(index % len(self.packets))
            for _ in range(0 if lose else 2 if twice else 1):
                self.commands += self.page.receive(packet)
        if self.commands:
            command = self.commands.pop(index % len(self.commands))
            if not lose:
                self._take(command)

    def _take(self, command: Command) -> None:
        match command:
            case Hello() | Resync():
                self.emitter.answer(command.page, command.epoch, command.seq)
            case Ack():
                self.emitter.acknowledge(command.page, command.epoch, command.seq)

    def settle(self) -> None:
        """From now on all is well: whatever happened before, page and kernel must come to agree."""
        self.commands.append(self.page.ask())
        for _ in range(60):
            while self.packets or self.commands:
                self.deliver(0)
            self.time.pass_(1)


EVENTS: list[Callable[[int], Event]] = [
    lambda n: TurnPut(f"t{n % 3}", "running"),
    lambda n: TurnPut(f"t{n % 3}", "done"),
    lambda n: TurnRemoved(f"t{n % 5}"),
    lambda n: ItemPut(f"t{n % 3}", message(f"m{n % 4}", f"put {n}")),
    lambda n: Token(f"m{n % 4}", f"token {n} "),
    lambda n: Token(f"m{n % 4}", f"token {n} "),
    lambda n: Token(f"m{n % 4}", f"token {n} "),
    lambda n: MessagePatch(id=f"m{n % 4}", content=f"patched {n}", streaming=bool(n % 2)),
    lambda n: ItemRemoved(f"m{n % 7}"),
]

emissions = st.tuples(st.just("emit"), st.integers(0, 200))
deliveries = st.tuples(st.sampled_from(["deliver", "lose", "twice", "time"]), st.integers(0, 20))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(emissions, deliveries), min_size=40, max_size=160))
def test_whatever_is_lost_doubled_or_reordered_the_page_ends_equal(steps: list[tuple[str, int]]) -> None:
    network = BadNetwork()
    network.deliver(0)  # the page says hello
    for number in range(3):
        network.emitter.emit(TurnPut(f"t{number}", "running"), ItemPut(f"t{number}", message(f"m{number}")))
    for step, number in steps:
        match step:
            case "emit":
                network.emitter.emit(EVENTS[number % len(EVENTS)](number // len(EVENTS)))
            case "time":
                network.time.pass_(number / 10)
            case _:
                network.deliver(number, lose=step == "lose", twice=step == "twice")
    network.settle()
    assert network.page.transcript.turns == network.emitter.transcript.turns
    assert network.page.seq == network.emitter.seq
    assert network.time.is_quiet

"""What the runs with seeds have found, each as the shortest story that shows it."""

from collections.abc import Sequence

import anychat as cl
from anychat.emitter import BEATS, KNOCKS, Emitter
from anychat.pacer import Pacer
from anychat.protocol import Token, TurnPut
from anychat.testing import ChatDriver, Page
from anychat.transcript import Transcript
from unit.fakes import INFO, Time


def test_a_page_that_was_taken_for_gone_hears_one_of_a_few_knocks() -> None:
    time, page, sent = Time(), Page(), list[str]()

    def send(text: str, buffers: Sequence[bytes]) -> None:
        sent.append(text)

    emitter = Emitter(Transcript(INFO), send, Pacer(time, clock=time.clock))
    emitter.answer(page.id, 0, 0)
    emitter.emit(TurnPut("t", "running"), Token("m", "a"))
    time.pass_(sum(BEATS) + 1)
    sent.clear()
    emitter.emit(TurnPut("t", "done"))
    time.pass_(sum(KNOCKS) + 1)
    assert len(sent) == 1 + len(KNOCKS)
    assert time.is_quiet


async def test_a_message_to_a_conversation_that_is_over_does_not_reach_the_next_one() -> None:
    heard = list[str]()

    async def listen(message: cl.Message) -> None:
        heard.append(message.content)

    async with ChatDriver(listen) as user:
        await user.restart()
        user.inject('{"type": "user_message", "turn": "late", "content": "to the first", "epoch": 1}')
        await user.send("to the second")
    assert heard == ["to the second"]


async def test_a_message_that_was_answered_is_not_answered_again_in_a_new_chat() -> None:
    heard = list[str]()

    async def listen(message: cl.Message) -> None:
        heard.append(message.content)

    hello = '{"type": "user_message", "turn": "sent twice", "content": "hello", "epoch": 0}'
    async with ChatDriver(listen) as user:
        user.inject(hello)
        await user.send("wait for it")
        await user.restart()
        user.inject(hello)
        await user.send("goodbye")
    assert heard == ["hello", "wait for it", "goodbye"]

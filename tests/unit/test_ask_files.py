"""Questions for files: what may answer them, and what the callback gets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import anychat as cl
from anychat.errors import OptionError, UploadError
from anychat.protocol import Answer, ElementItem, MessageItem, encode
from anychat.testing import ChatDriver
from anychat.types import AskFileResponse

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"


def asking(got: list[Any], *rules: Any, **options: Any) -> Callable[[cl.Message], Any]:
    """A callback that asks for files, once for each of the rules, and notes what it gets."""

    async def reply(message: cl.Message) -> None:
        for accept in rules:
            answer = await cl.AskFileMessage("Your files?", accept, **options).send()
            got.append(answer)

    return reply


async def test_the_callback_gets_files_that_lie_on_its_disk() -> None:
    got: list[list[AskFileResponse]] = []
    async with ChatDriver(asking(got, ["text/csv", "image/*"], max_files=2)) as user:
        await user.send("hello")
        (ask,) = user.pending_asks
        assert (ask.type, ask.accept, ask.max_files, ask.max_size_mb) == ("file", ["text/csv", "image/*"], 2, 2)
        files = [await user.upload(b"a,b", "table.csv", ask=ask), await user.upload(PNG, "plot", ask=ask)]
        await user.answer(files=files)
        assert [(each.id, each.name, each.size, each.type) for each in got[0]] == [
            (files[0], "table.csv", 3, "text/csv"),
            (files[1], "plot", 14, "image/png"),
        ]
        assert [Path(each.path).read_bytes() for each in got[0]] == [b"a,b", PNG]
        assert user.pending_asks == []


async def test_the_answer_stands_below_the_question_and_models_do_not_hear_it() -> None:
    heard: list[Any] = []

    async def reply(message: cl.Message) -> None:
        await cl.AskFileMessage("Your file?", ["*/*"]).send()
        heard.extend(cl.chat_context.to_openai())

    async with ChatDriver(reply) as user:
        await user.send("hello")
        await user.answer(files=[await user.upload(b"x", "a.txt", ask=user.pending_asks[0])])
        shown = [item for item in user.turns[0].items if isinstance(item, MessageItem | ElementItem)]
        assert [item.content or getattr(item, "name", "") for item in shown] == ["hello", "Your file?", "", "a.txt"]
        assert shown[3].owner == shown[2].id
        assert [message["content"] for message in heard] == ["hello", "Your file?"]


async def test_each_question_has_limits_of_its_own_whatever_the_app_takes() -> None:
    got: list[Any] = []
    app = cl.App(on_message=asking(got, {"text/plain": [".txt"]}, ["image/*"]), uploads=False)
    async with ChatDriver(app) as user:
        await user.send("hello")
        first = user.pending_asks[0]
        with pytest.raises(UploadError, match=r"Taken here: .txt"):
            await user.upload(PNG, "plot.png", ask=first)
        with pytest.raises(UploadError, match="a file may have 2 MB"):
            await user.upload(bytes(2_000_001), "big.txt", ask=first)
        await user.answer(files=[await user.upload(b"x", "a.txt", ask=first)])
        with pytest.raises(UploadError, match="not wanted any more"):
            await user.upload(b"x", "b.txt", ask=first)
        await user.answer(files=[await user.upload(PNG, "plot.png", ask=user.pending_asks[0])])
        assert [[each.name for each in answer] for answer in got] == [["a.txt"], ["plot.png"]]


async def test_files_of_another_kind_do_not_answer_and_the_question_stays() -> None:
    got: list[Any] = []
    async with ChatDriver(asking(got, ["image/*"])) as user:
        await user.send("hello")
        await user.answer(files=[await user.upload(b"x", "a.txt")])  # was taken for a message
        await user.answer(files=[await user.upload(PNG), await user.upload(PNG)])
        await user.answer(files=["nowhere"])
        await user.answer("a text", user.pending_asks[0])
        expected = ["a.txt is text/plain", "2 files came at once", "not here any more", "Files are asked for"]
        assert [wanted in notice for wanted, notice in zip(expected, user.notices, strict=True)] == [True] * 4
        assert (got, len(user.pending_asks)) == ([], 1)


async def test_no_files_and_no_time_are_none() -> None:
    got: list[Any] = []
    async with ChatDriver(asking(got, ["*/*"])) as user:
        await user.send("hello")
        await user.answer(files=[])
    async with ChatDriver(asking(got, ["*/*"], timeout=0)) as user:
        await user.send("hello")
    assert got == [None, None]


async def test_a_timeout_can_raise_the_built_in_error() -> None:
    async with ChatDriver(asking([], ["*/*"], timeout=0, raise_on_timeout=True)) as user:
        await user.send("hello")
        await user.until(lambda user: user.turns[0].status == "failed")
        assert "did not answer within 0 s" in user.messages[-1].content


async def test_an_answer_is_taken_once_though_the_page_repeats_it() -> None:
    got: list[Any] = []
    async with ChatDriver(asking(got, ["*/*"])) as user:
        await user.send("hello")
        ask = user.pending_asks[0]
        answer = encode(Answer(ask=ask.id, epoch=1, files=[await user.upload(b"x", ask=ask)]))
        for _ in range(3):
            user.inject(answer)
        await user.until(lambda user: not user.pending_asks)
        await user.send("hello")
        assert (len(got), user.notices) == (1, [])


async def test_a_cell_answers_with_paths_and_bytes(tmp_path: Path) -> None:
    got: list[Any] = []
    (tmp_path / "table.csv").write_bytes(b"a,b")
    chat = cl.Chat(asking(got, ["text/csv"], max_files=2))
    waiting = chat.send("hello")

    def answer(change: Any) -> None:
        if change.new == "waiting":
            chat.answer([tmp_path / "table.csv", ("more.csv", b"c")])

    chat.session.observe(answer, "status")
    await waiting
    assert [(each.name, Path(each.path).read_bytes()) for each in got[0]] == [
        ("table.csv", b"a,b"),
        ("more.csv", b"c"),
    ]
    chat.close()


@pytest.mark.parametrize(
    "rules", [{"accept": "image/*"}, {"accept": ["*/*"], "max_files": 0}, {"accept": [".csv"], "max_size_mb": "2"}]
)
async def test_limits_that_cannot_be_are_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="AskFileMessage"):
        cl.AskFileMessage("?", **rules)

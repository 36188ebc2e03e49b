"""Pictures, files, tables: what callbacks show beside the text of a message."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas
import polars
import pytest
from matplotlib.figure import Figure
from plotly import graph_objects

import anychat as cl
from anychat import blobs, dispatcher
from anychat.element import Element
from anychat.errors import ElementError, OptionError
from anychat.testing import ChatDriver

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"


def shows(*elements: Element) -> Callable[[cl.Message], Any]:
    """A callback that says one message with these elements."""

    async def reply(message: cl.Message) -> None:
        await cl.Message("Look.", elements=elements).send()

    return reply


async def test_an_element_stands_below_its_message_and_its_bytes_come_when_asked_for() -> None:
    async with ChatDriver(shows(cl.Image(name="cat", content=PNG))) as user:
        turn = await user.send("go")
        (image,) = user.elements
        assert (image.type, image.name, image.mime, image.size) == ("image", "cat", "image/png", "medium")
        assert (image.for_id, image.bytes, image.content) == (turn.messages[0].id, len(PNG), "")
        assert await user.fetch(image) == PNG


async def test_a_file_is_known_by_its_name_and_never_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")
    async with ChatDriver(shows(cl.File(path=path))) as user:
        await user.send("go")
        path.unlink()  # it was small: the kernel has it
        (file,) = user.elements
        assert (file.name, file.mime) == ("table.csv", "text/csv")
        assert str(tmp_path) not in repr(file)
        assert await user.fetch(file) == b"a,b\n1,2\n"


async def test_a_large_file_is_read_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "SMALL", 10)
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0 ftypisom" + b"x" * 100)
    async with ChatDriver(shows(cl.Video(path=path))) as user:
        await user.send("go")
        (video,) = user.elements
        assert (video.mime, video.bytes) == ("video/mp4", 112)
        assert [type(kept) for kept in user.session.assets.values()] == [blobs.FileOnDisk]
        assert await user.fetch(video) == path.read_bytes()
        os.utime(path, (0, 0))  # another file is there now
        with pytest.raises(LookupError, match=r"film\.mp4"):
            await user.fetch(video)


async def test_what_cannot_be_given_to_a_page_is_an_error_of_the_callback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs, "LARGEST", 10)
    monkeypatch.setattr(blobs, "SMALL", 5)
    path = tmp_path / "large.bin"
    path.write_bytes(b"x" * 11)
    async with ChatDriver(shows(cl.File(path=path))) as user:
        turn = await user.send("go")
        assert "has 11 bytes, and up to 10 can be given to the page" in str(turn.error)
    async with ChatDriver(shows(cl.File(path=tmp_path / "none"))) as user:
        turn = await user.send("go")
        assert isinstance(turn.error, FileNotFoundError)


async def test_a_large_file_that_is_on_its_way_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "QUICK", 10)
    monkeypatch.setattr(dispatcher, "SPEED", 1)
    async with ChatDriver(shows(cl.File(name="small", content="x"), cl.File(name="large", content="x" * 11))) as user:
        await user.send("go")
        sent, send = [], user._dispatcher._send

        def note(text: str, buffers: Sequence[bytes]) -> None:
            sent.append(buffers)
            send(text, buffers)

        monkeypatch.setattr(user._dispatcher, "_send", note)
        for _ in range(3):
            for file in user.elements:
                user.inject(json.dumps({"type": "get_asset", "hash": file.asset}))
        assert sent == [[b"x"], [b"x" * 11], [b"x"], [b"x"]]


async def test_pages_get_nothing_but_what_was_shown(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    async with ChatDriver(shows(cl.Text(name="note", content="words"))) as user:
        await user.send("go")
        for name in (str(secret), f"../../{secret}", blobs.digest(b"secret")):
            (note,) = user.elements
            note.asset = name
            with pytest.raises(LookupError):
                await user.fetch(note)


async def test_a_message_can_be_updated_when_the_temporary_file_that_it_showed_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "plot.png"
    file.write_bytes(PNG)

    async def reply(message: cl.Message) -> None:
        answer = await cl.Message("Look.", elements=[cl.Image(path=file)]).send()
        file.unlink()
        answer.content = "Look closely."
        await answer.update()
        answer.elements[0].path = str(tmp_path / "another.png")
        with pytest.raises(FileNotFoundError, match=r"another\.png"):
            await answer.update()

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
        assert (turn.error, turn.text) == (None, "Look closely.")
        assert await user.fetch(user.elements[0]) == PNG


async def test_a_text_is_there_at_once_and_a_long_one_is_fetched() -> None:
    long = "words " * 10_000
    elements = cl.Text(name="short", content="words", language="python"), cl.Text(name="long", content=long)
    async with ChatDriver(shows(*elements)) as user:
        await user.send("go")
        short, other = user.elements
        assert (short.content, short.language, short.asset, short.mime) == ("words", "python", None, "text/plain")
        assert (other.content, other.mime) == ("", "text/plain")
        assert (await user.fetch(other)).decode() == long


async def test_updating_a_message_sends_only_what_is_new() -> None:
    note, image = cl.Text(name="note", content="one"), cl.Image(content=PNG)

    async def reply(message: cl.Message) -> None:
        answer = await cl.Message("Look.", elements=[note, image]).send()
        session = cl.context.session
        before = session.emitter.seq
        await answer.update()
        assert session.emitter.seq == before + 1  # the message itself
        note.content = "two"
        answer.elements.append(cl.File(name="new", content="bytes"))
        await answer.update()
        assert session.emitter.seq == before + 4

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
        assert turn.error is None
        assert [(each.name, each.content) for each in user.elements] == [("note", "two"), ("", ""), ("new", "")]


async def test_an_element_can_be_sent_for_a_message_and_taken_back() -> None:
    async def reply(message: cl.Message) -> None:
        answer = await cl.Message("Look.").send()
        note = cl.Text(name="note", content="words", display="side")
        if message.content == "alone":
            await note.send()
        else:
            await note.send(for_id=answer.id)
        if message.content == "gone":
            await note.remove()

    async with ChatDriver(reply) as user:
        turn = await user.send("for")
        assert [(each.for_id, each.display) for each in user.elements] == [(turn.messages[0].id, "side")]
        await user.send("gone")
        assert len(user.elements) == 1
        await user.send("alone")
        assert user.elements[-1].for_id is None


async def test_an_element_for_a_message_of_an_earlier_turn_stands_there() -> None:
    said: list[cl.Message] = []

    async def reply(message: cl.Message) -> None:
        said.append(await cl.Message("Look.").send())
        await cl.Text(content="words").send(for_id=said[0].id)

    async with ChatDriver(reply) as user:
        await user.send("one")
        await user.send("two")
        assert [len(turn.items) for turn in user.turns] == [4, 2]


async def test_a_fork_has_the_elements_and_their_bytes() -> None:
    async with ChatDriver(shows(cl.Image(content=PNG))) as user:
        await user.send("go")
        past = user._dispatcher.runner.branches.past()
        async with ChatDriver(shows()) as other:
            other._dispatcher.runner.branches.adopt(past)
            await other.until(lambda user: len(user.elements) == 1)
            assert await other.fetch(other.elements[0]) == PNG


async def test_bytes_that_are_shown_no_longer_are_let_go() -> None:
    image, twin = cl.Image(content=PNG), cl.Image(content=PNG)

    async def reply(message: cl.Message) -> None:
        await cl.Message("Look.", elements=[image, twin]).send()
        for number in range(10):
            image.content = PNG + bytes([number])
            await image.update()
        if message.content == "remove":
            await image.remove()
            await twin.remove()

    async with ChatDriver(reply) as user:
        await user.send("go")
        assert [user.session.assets[each.asset or ""] for each in user.elements] == [PNG + b"\x09", PNG]
        kept = dict(user.session.assets)
        assert len(kept) == 2
        await user.send("remove")
        assert user.session.assets == kept  # the first message has them still


async def test_bytes_of_a_message_that_is_taken_back_are_let_go() -> None:
    async def reply(message: cl.Message) -> None:
        await cl.Message("Look.", elements=[cl.Image(content=PNG)]).send()
        for number in range(3):
            frames = [cl.Image(content=each) for each in (PNG, PNG + bytes([number]))]
            await (await cl.Message("A frame.", elements=frames).send()).remove()

    async with ChatDriver(reply) as user:
        await user.send("go")
        assert list(user.session.assets.values()) == [PNG]


async def test_a_callback_may_return_or_yield_elements() -> None:
    def reply(message: cl.Message) -> Iterator[object]:
        yield cl.Text(content="one")
        yield "words"
        yield cl.Text(content="two")

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
        assert [(each.content, each.for_id) for each in user.elements] == [("one", None), ("two", None)]
        assert turn.text == "words"
    async with ChatDriver(lambda message: cl.Text(name="note", content="one")) as user:
        await user.send("go")
        assert [each.name for each in user.elements] == ["note"]
    assert repr(cl.Text(name="note", content="one")) == "<Text 'note'>"


def test_an_element_needs_something_to_show() -> None:
    for kind in (cl.Text, cl.Image, cl.File, cl.Pdf, cl.Audio, cl.Video):
        with pytest.raises(ElementError, match="has nothing to show: give content, path or url"):
            kind(name="empty")
    with pytest.raises(OptionError, match=r"cl.Image\(content=...\) takes bytes or text, not 3"):
        cl.Image(content=3)
    with pytest.raises(OptionError, match=r"display=...\) takes 'inline' or 'side' or 'page', not 'aside'"):
        cl.Text(content="words", display="aside")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="page"):
        cl.Pdf(url="https://x.example/a.pdf", page=0)
    with pytest.warns(UserWarning, match="cl.Text ignores its argument 'langauge'. Did you mean 'language'"):
        cl.Text(content="words", langauge="python")


def test_dicts_have_chainlits_keys_and_come_back() -> None:
    pdf = cl.Pdf(name="paper", url="https://x.example/a.pdf", page=3, display="page", id="e", for_id="m")
    assert pdf.to_dict() == {
        "id": "e", "threadId": None, "type": "pdf", "url": "https://x.example/a.pdf", "chainlitKey": None,
        "name": "paper", "display": "page", "objectKey": None, "size": None, "props": None, "page": 3,
        "autoPlay": None, "playerConfig": None, "language": None, "forId": "m", "mime": "application/pdf",
    }  # fmt: skip
    for element in (pdf, cl.Text(content="words", language="python"), cl.Audio(content=b"ID3", auto_play=True)):
        values = element.to_dict()
        values["content"] = element.content
        twin = Element.from_dict(values)
        assert (type(twin), twin.to_dict()) == (type(element), element.to_dict())
    assert isinstance(Element.from_dict({"type": "dataframe", "content": "x"}), cl.File)


@pytest.mark.parametrize(
    ("mime", "type"),
    [
        ("image/png", "image"),
        ("application/pdf", "pdf"),
        ("audio/wav", "audio"),
        ("video/mp4", "video"),
        ("x/y", "file"),
    ],
)
def test_the_type_of_a_mime(mime: str, type: str) -> None:
    assert Element.infer_type_from_mime(mime) == type


# ── Figures and tables ───────────────────────────────────────────────────────────────────────────


async def test_a_figure_is_a_picture_that_update_draws_anew() -> None:
    figure = Figure(figsize=(1, 1))
    figure.subplots()

    async def reply(message: cl.Message) -> None:
        plot = cl.Pyplot(name="plot", figure=figure)
        answer = await cl.Message("Look.", elements=[plot]).send()
        drawn = plot.content
        figure.axes[0].plot([1, 2])
        await answer.update()
        assert plot.content is drawn
        await plot.update()
        assert plot.content != drawn

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
        assert turn.error is None
        (picture,) = user.elements
        assert (picture.type, picture.mime) == ("image", "image/png")
        blob = await user.fetch(picture)
        assert blob.startswith(b"\x89PNG")
        assert int.from_bytes(blob[16:20]) > 150  # at 200 dpi, an inch

    with pytest.raises(OptionError, match=r"cl.Pyplot\(figure=...\) takes a matplotlib.figure.Figure, not 'plot'"):
        cl.Pyplot(figure="plot")


async def test_a_plotly_figure_comes_with_the_script_that_draws_it() -> None:
    figure = graph_objects.Figure(graph_objects.Scatter(y=[1, 4, 9]), layout={"width": 300})

    async def reply(message: cl.Message) -> None:
        plot = cl.Plotly(name="plot", figure=figure)
        await cl.Message("Look.", elements=[plot]).send()
        figure.update_layout(title="Squares")
        await plot.update()

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
        assert turn.error is None
        (plot,) = user.elements
        shown = json.loads(await user.fetch(plot))
        assert shown["layout"]["title"] == {"text": "Squares"}
        assert figure.layout.width == 300  # it is the user's own
        assert (plot.type, plot.size) == ("plotly", "medium")
        plot.asset = plot.code
        assert b"plotly.js" in (await user.fetch(plot))[:200]
        assert [type(kept) for name, kept in user.session.assets.items() if name == plot.code] == [blobs.FileOnDisk]

    with pytest.raises(OptionError, match=r"takes a plotly.graph_objects.Figure, not \[1, 2\]"):
        cl.Plotly(figure=[1, 2])


def table_of(element: cl.Dataframe) -> dict[str, Any]:
    assert isinstance(element.content, str)
    table: dict[str, Any] = json.loads(element.content)
    return table


def test_tables_of_pandas_and_polars_are_the_same() -> None:
    values = {"n": [1, 2], "word": ["a", None], "x": [0.5, float("nan")], "is": [True, False]}
    expected = {
        "columns": ["n", "word", "x", "is"],
        "index": [0, 1],
        "data": [[1, "a", 0.5, True], [2, None, None, False]],
        "rows": 2,
        "width": 4,
    }
    assert table_of(cl.Dataframe(data=pandas.DataFrame(values))) == expected
    assert table_of(cl.Dataframe(data=polars.DataFrame(values))) == expected


def test_what_json_has_not_is_text_in_a_table() -> None:
    values = {"when": [pandas.Timestamp("2026-01-02"), pandas.NaT], "large": [2**60, 1], "list": [[1], "x" * 1000]}
    index = pandas.MultiIndex.from_tuples([("a", 1), ("b", 2)])
    table = table_of(cl.Dataframe(data=pandas.DataFrame(values, index=index)))
    assert table["data"][0] == ["2026-01-02 00:00:00", str(2**60), "[1]"]
    assert table["data"][1] == [None, 1, "x" * 299 + "…"]
    assert table["index"] == ["a · 1", "b · 2"]


@pytest.mark.parametrize(("shape", "sent"), [((5000, 2), (1000, 2)), ((1000, 300), (250, 200)), ((0, 0), (0, 0))])
def test_a_large_table_is_sent_in_part_and_says_so(shape: tuple[int, int], sent: tuple[int, int]) -> None:
    table = table_of(cl.Dataframe(data=pandas.DataFrame(0, index=range(shape[0]), columns=range(shape[1]))))
    assert (len(table["data"]), len(table["columns"])) == sent
    assert (table["rows"], table["width"]) == shape


def test_only_tables_are_tables() -> None:
    with pytest.raises(OptionError, match=r"takes a pandas.DataFrame or a polars.DataFrame, not \{'a': 1\}"):
        cl.Dataframe(data={"a": 1})


# ── Task lists ───────────────────────────────────────────────────────────────────────────────────


async def test_a_task_list_is_shown_where_it_was_sent_and_follows_its_updates() -> None:
    async def reply(message: cl.Message) -> None:
        said = await cl.Message("Thinking.").send()
        task = cl.Task("Think", forId=said.id)
        tasks = cl.TaskList(tasks=[task], status="Running…")
        await tasks.send()
        task.status = cl.TaskStatus.RUNNING
        await tasks.add_task(cl.Task("Speak", status=cl.TaskStatus.FAILED))
        await tasks.update()
        await tasks.update()  # nothing has changed

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
        assert turn.error is None
        (tasks,) = user.elements
        assert (tasks.type, tasks.name, tasks.for_id) == ("tasklist", "tasklist", None)
        assert json.loads(tasks.content) == {
            "status": "Running…",
            "tasks": [
                {"title": "Think", "status": "running", "forId": turn.messages[0].id},
                {"title": "Speak", "status": "failed", "forId": None},
            ],
        }


async def test_a_task_list_has_tasks() -> None:
    with pytest.raises(OptionError, match=r"made with cl.Task\(title\), but 'Think' came"):
        await cl.TaskList().add_task("Think")  # type: ignore[arg-type]
    assert [status.value for status in cl.TaskStatus] == ["ready", "running", "failed", "done"]


# ── Sidebar ──────────────────────────────────────────────────────────────────────────────────────


async def test_the_sidebar_shows_elements_in_order_and_their_updates() -> None:
    note, other = cl.Text(name="note", content="one"), cl.Text(name="other", content="two")

    async def reply(message: cl.Message) -> None:
        await cl.ElementSidebar.set_title("Notes")
        await cl.ElementSidebar.set_elements([note, other])
        note.content = "three"
        await note.update()
        if message.content == "remove":
            await other.remove()

    async with ChatDriver(reply) as user:
        await user.send("go")
        assert user.sidebar.title == "Notes"
        assert [(each.name, each.content) for each in user.sidebar.elements] == [("note", "three"), ("other", "two")]
        assert user.elements == []
        await user.send("remove")
        assert [each.name for each in user.sidebar.elements] == ["note"]


async def test_a_sidebar_with_the_same_key_stays_until_it_is_closed() -> None:
    async def reply(message: cl.Message) -> None:
        elements = [cl.Text(content=message.content)] if message.content != "close" else []
        await cl.ElementSidebar.set_elements(elements, key="notes")

    async with ChatDriver(reply) as user:
        for said, shown in (("one", ["one"]), ("two", ["one"]), ("close", []), ("three", ["three"])):
            await user.send(said)
            assert [each.content for each in user.sidebar.elements] == shown
        before = user.sidebar.id
        await user.close_sidebar()
        await user.send("four")
        assert [each.content for each in user.sidebar.elements] == ["four"]
        user.inject(f'{{"type": "close_sidebar", "epoch": 1, "id": "{before}"}}')  # late: another one is open
        await user.send("five")
        assert [each.content for each in user.sidebar.elements] == ["four"]


async def test_bytes_of_a_sidebar_that_another_took_the_place_of_are_let_go() -> None:
    async def reply(message: cl.Message) -> None:
        await cl.ElementSidebar.set_elements([cl.Image(content=PNG + message.content.encode())])

    async with ChatDriver(reply) as user:
        for content in ("one", "two"):
            await user.send(content)
            assert list(user.session.assets.values()) == [PNG + content.encode()]
        await user.close_sidebar()
        assert user.session.assets == {}


async def test_an_element_of_a_message_can_stand_beside_it_too() -> None:
    async def reply(message: cl.Message) -> None:
        note = cl.Text(content="one")
        answer = await cl.Message("Look.", elements=[note]).send()
        await cl.ElementSidebar.set_elements([note])
        note.content = "two"
        await answer.update()

    async with ChatDriver(reply) as user:
        await user.send("go")
        assert [each.content for each in (*user.elements, *user.sidebar.elements)] == ["two", "two"]


async def test_an_element_whose_sidebar_was_closed_does_not_move_into_the_conversation() -> None:
    note = cl.Text(content="one")

    async def reply(message: cl.Message) -> None:
        if message.content == "open":
            await cl.ElementSidebar.set_elements([note])
        else:
            note.content = "two"
            await note.update()

    async with ChatDriver(reply) as user:
        await user.send("open")
        await user.close_sidebar()
        await user.send("update")
        assert (user.elements, user.sidebar.elements) == ([], [])

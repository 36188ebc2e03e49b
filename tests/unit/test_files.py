"""Files from the user: they arrive whole, whatever the line does; what they are, their bytes say; and they go again."""

import random
from pathlib import Path

import pytest

import anychat as cl
from anychat import files as files_module
from anychat.errors import OptionError, SessionEndedError, UploadError
from anychat.files import Files, as_label
from anychat.mime import mime_of
from anychat.protocol import MAX_CHUNK_BYTES, ElementItem, PutFile, encode
from anychat.testing import ChatDriver
from anychat.uploads import Uploads

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
PDF = b"%PDF-1.7 ..."


def path_of(user: ChatDriver, file: str) -> Path:
    return user.session.files[file]["path"]


def put(user: ChatDriver, part: bytes, **fields: object) -> None:
    """Send a part of a file, as a page might that is broken or hostile."""
    command = {"epoch": 1, "file": "f", "name": "notes.txt", "size": len(part), "offset": 0, **fields}
    user.inject(encode(PutFile(**command)), part)  # type: ignore[arg-type]


def said(user: ChatDriver, file: str = "f") -> str:
    """Why the kernel does not take a file, as the page was told."""
    state = user._page.files.get(file)
    return "" if state is None else state.message


async def test_a_file_arrives_whole_and_is_shown_at_its_message() -> None:
    data = random.Random(1).randbytes(2 * MAX_CHUNK_BYTES + 17)
    async with ChatDriver(lambda message: "seen") as user:
        file = await user.upload(data, "noise.bin")
        turn = await user.send("what is this?", files=[file])
        assert path_of(user, file).read_bytes() == data
        assert path_of(user, file).suffix == ".bin"
        shown = [item for item in user.turns[0].items if isinstance(item, ElementItem)]
        assert [(item.name, item.type, item.for_id) for item in shown] == [("noise.bin", "file", turn.id)]


async def test_files_go_with_a_message_without_words() -> None:
    async with ChatDriver(lambda message: "seen") as user:
        turn = await user.send("", files=[await user.upload(b"", "empty.txt"), await user.upload(PNG, "a.png")])
        assert turn.text == "seen"
        assert [item.type for item in user.turns[0].items if isinstance(item, ElementItem)] == ["file", "image"]


async def test_the_callback_gets_them_as_elements() -> None:
    given: list[cl.Message] = []
    async with ChatDriver(given.append) as user:
        files = {
            "a.png": PNG,
            "b.pdf": PDF,
            "c.mp3": b"ID3\x03",
            "d.mp4": b"\0\0\0 ftypisom",
            "e.csv": b"a,b",
            "f": b"",
        }
        await user.send("look", files=[await user.upload(data, name) for name, data in files.items()])
        kinds = {type(element): element.mime for element in given[0].elements}
        assert kinds == {
            cl.Image: "image/png",
            cl.Pdf: "application/pdf",
            cl.Audio: "audio/mpeg",
            cl.Video: "video/mp4",
            cl.File: "text/plain",
        }
        read = {element.name: Path(element.path or "").read_bytes() for element in given[0].elements}
        assert read == files


async def test_a_message_that_is_asked_again_takes_its_files_along() -> None:
    async with ChatDriver(lambda message: "seen") as user:
        first = await user.send("look", files=[await user.upload(PNG, "a.png")])
        (shown,) = (item.id for item in user.turns[0].items if isinstance(item, ElementItem))
        again = await user.send("look again", files=[shown], replaces=first.id)
        assert [item.for_id for item in user.turns[0].items if isinstance(item, ElementItem)] == [again.id]
        await user.show_branch(0, 0)
        assert [item.id for item in user.turns[0].items if isinstance(item, ElementItem)] == [shown]


async def test_files_are_gone_when_the_session_ends() -> None:
    app = cl.App(on_message=lambda message: "seen")
    app.on_chat_start(lambda: None)  # which waits for the end of the session before
    async with ChatDriver(app) as user:
        file = await user.upload(b"data")
        await user.send("here", files=[file])
        path = path_of(user, file)
        await user.restart()
        assert not path.exists()
        assert not path.parent.exists()
        again = path_of(user, await user.upload(b"data"))
    assert not again.parent.exists()


async def test_on_chat_end_can_still_read_them() -> None:
    app = cl.App(on_message=lambda message: None)

    @app.on_chat_end
    def end() -> None:
        read.extend(file["path"].read_bytes() for file in cl.context.session.files.values())

    read: list[bytes] = []
    async with ChatDriver(app) as user:
        await user.send("", files=[await user.upload(b"data")])
    assert read == [b"data"]


async def test_a_file_can_be_taken_away_before_it_is_sent_and_not_after() -> None:
    async with ChatDriver(lambda message: "seen") as user:
        file, other = await user.upload(b"data"), await user.upload(b"other")
        path = path_of(user, file)
        user.drop_file(file)
        assert not path.exists()
        await user.send("", files=[other])
        user.drop_file(other)
        assert path_of(user, other).exists()


# ── A bad line ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(20))
def test_lost_repeated_and_reordered_parts_change_nothing(seed: int) -> None:
    chance, files, rules = random.Random(seed), Files(), Uploads().rules()
    data = chance.randbytes(5000)
    starts = [*range(0, len(data), 700)]
    known = 0
    while known < len(data):
        tries = [chance.choice([known, *starts]) for _ in range(4)]  # what it should send, and what comes late
        for at in tries:
            answer = files.put("f", "noise", len(data), at, data[at : at + 700], rules)
            known = answer if chance.random() < 0.5 else known  # or the answer is lost
    assert files["f"]["path"].read_bytes() == data


async def test_a_part_after_all_have_come_is_answered_and_changes_nothing() -> None:
    async with ChatDriver(lambda message: "seen") as user:
        file = await user.upload(b"data")
        await user.send("", files=[file])
        user.inject(encode(PutFile(epoch=1, file=file, name="file", size=4, offset=0)), b"EVIL")
        assert path_of(user, file).read_bytes() == b"data"


async def test_a_file_for_an_earlier_conversation_is_not_taken_by_the_next() -> None:
    async with ChatDriver(lambda message: "seen") as user:
        await user.restart()
        put(user, b"late", epoch=1)
        assert len(user.session.files) == 0


async def test_the_page_can_ask_how_much_is_there() -> None:
    async with ChatDriver(lambda message: "seen") as user:
        put(user, b"abc", size=6)
        await user.send("meanwhile")
        user._page.files.clear()
        put(user, b"", size=6, offset=6)
        await user.until(lambda user: "f" in user._page.files)
        assert user._page.files["f"].received == 3


# ── What is not taken ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("accept", "name", "data", "is_taken"),
    [
        (["*/*"], "a.bin", b"\0", True),
        (["image/*"], "plot.png", PNG, True),
        (["image/*"], "plot.png", PDF, False),
        (["image/*"], "plot.png", b"just text", False),
        (["image/*"], "no_ending", PNG, True),
        ([".png"], "PLOT.PNG", PNG, True),
        ([".png"], "plot.png", PDF, False),
        ([".py"], "a.py", b"print()", True),
        ([".py"], "a.py", b"\x7fELF\0\0", False),
        ([".parquet"], "a.parquet", b"PAR1\0", True),
        (["application/pdf"], "report", PDF, True),
        ({"text/plain": [".txt", "py"]}, "a.py", b"x", True),
        ({"text/plain": [".txt"]}, "a.csv", b"x", False),
        ({"image/*": []}, "a.gif", b"GIF89a", True),
        (["TEXT/CSV"], "a.csv", b"x", True),
    ],
)
async def test_the_bytes_decide_what_is_accepted(accept: list[str], name: str, data: bytes, is_taken: bool) -> None:
    async with ChatDriver(lambda message: "seen", uploads=cl.Uploads(accept)) as user:
        if is_taken:
            await user.send("", files=[await user.upload(data, name)])
            return
        with pytest.raises(UploadError, match=f"{name} is .* by what is in it. Taken here: "):
            await user.upload(data, name)
        assert len(user.session.files) == 0


async def test_a_file_that_is_too_large_is_refused_before_it_is_sent() -> None:
    async with ChatDriver(lambda message: "seen", uploads=cl.Uploads(max_size_mb=0.5)) as user:
        with pytest.raises(UploadError, match=r"big.bin has 0.6 MB, and a file may have 0.5 MB here"):
            await user.upload(bytes(600_000), "big.bin")


async def test_too_many_files_are_refused_with_their_message() -> None:
    async with ChatDriver(lambda message: "seen", uploads=cl.Uploads(max_files=1)) as user:
        turn = await user.send("", files=[await user.upload(b"a"), await user.upload(b"b")])
        assert turn.status is None
        assert user.notices == ["2 files came at once, and 1 file may."]


@pytest.mark.parametrize("uploads", [False, None])
async def test_a_chat_without_uploads_takes_none(uploads: bool | None) -> None:
    async with ChatDriver(cl.App(on_message=lambda message: "seen", uploads=False), uploads=uploads) as user:
        with pytest.raises(UploadError, match="takes no files"):
            await user.upload(b"data")


async def test_the_chat_goes_before_the_app() -> None:
    async with ChatDriver(cl.App(on_message=lambda message: "seen", uploads=False), uploads=True) as user:
        await user.send("", files=[await user.upload(b"data")])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"size": 2}, "none after that can come"),
        ({"size": -1}, "cannot have -1 bytes"),
        ({"offset": -1}, "none after that can come"),
        ({"file": "f" * 101}, "may have 100 characters"),
        ({"file": "t/f"}, "none of them a slash"),
        ({"ask": "nobody"}, "not wanted any more"),
    ],
)
async def test_what_no_page_sends_is_refused_in_words(fields: dict[str, object], message: str) -> None:
    async with ChatDriver(lambda message: "seen") as user:
        put(user, b"data", **fields)
        await user.until(lambda user: bool(user._page.files))
        assert message in next(iter(user._page.files.values())).message
        assert len(user.session.files) == 0


async def test_a_part_that_is_too_large_is_refused() -> None:
    async with ChatDriver(lambda message: "seen") as user:
        put(user, bytes(MAX_CHUNK_BYTES + 1))
        await user.until(lambda user: "may have 1,000,000 bytes" in said(user))


async def test_a_file_that_grows_is_refused() -> None:
    async with ChatDriver(lambda message: "seen") as user:
        put(user, b"abc", size=6)
        put(user, b"def", size=600, offset=3)
        await user.until(lambda user: "6 bytes, then with 600" in said(user))


async def test_a_message_does_not_go_without_its_files() -> None:
    async with ChatDriver(lambda message: "seen") as user:
        assert (await user.send("see this", files=["nowhere"])).status is None
        put(user, b"ab", size=4)
        assert (await user.send("see this", files=["f"])).status is None
        assert ["not here any more" in user.notices[0], "not here as a whole" in user.notices[1]] == [True, True]


async def test_an_ended_chat_takes_no_files() -> None:
    async with ChatDriver(lambda message: "seen") as user:
        pass
    put(user, b"data")
    assert len(user.session.files) == 0


# ── Names ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ("plot.png", "plot.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plot.png", "plot.png"),
        ("/etc/passwd", "passwd"),
        ("", "file"),
        ("..", "file"),
        ("a/", "file"),
        ("a\0b\n.txt", "ab.txt"),
        ("cod\u202egnp.exe", "codgnp.exe"),
        ("\ud800.txt", ".txt"),
        ("日本語 notes.txt", "日本語 notes.txt"),
        ("x" * 300 + ".csv", "x" * 195 + "….csv"),
    ],
)
def test_a_name_is_a_label(given: str, label: str) -> None:
    assert as_label(given) == label


@pytest.mark.parametrize("name", ["../../evil.sh", "NUL", "con.txt", "a/../../b", ".bashrc", "x.p/y", "a.\0", "~root"])
async def test_no_name_leads_out_of_the_folder(name: str) -> None:
    async with ChatDriver(lambda message: "seen") as user:
        files = [path_of(user, await user.upload(b"x", name)), path_of(user, await user.upload(b"x"))]
        assert {path.parent for path in files} == {files[1].parent}
        assert all(path.name[:36].count("-") == 4 for path in files)  # a name that is made up here
        assert files[1].parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "head", "mime"),
    [
        ("a.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.docx", b"not a zip", "text/plain"),
        ("a.tar.gz", b"\x1f\x8b", "application/gzip"),
        ("a.csv", "a,é".encode()[:-1], "text/csv"),
        ("a.csv", "a,é".encode("latin-1"), "text/csv"),
        ("a.csv", "a,b".encode("utf-16"), "text/csv"),
        ("a.csv", b"\0\0", "application/octet-stream"),
        ("BMI.csv", b"BMI,age", "text/csv"),
        ("a.m4a", b"\0\0\0 ftypM4A ", "audio/mp4"),
        ("a.webm", b"\x1aE\xdf\xa3", "video/webm"),
        ("a.wav", b"RIFF....WAVE", "audio/wav"),
        ("a.png", b"RIFF....WEBP", "image/webp"),
        ("a", b"", "text/plain"),
        ("a.svg", b"<?xml ?><svg>", "image/svg+xml"),
        ("a.bin", b"MZ\0", "application/octet-stream"),
    ],
)
def test_the_type_is_what_the_bytes_say(name: str, head: bytes, mime: str) -> None:
    assert mime_of(head, name) == mime


# ── Room ─────────────────────────────────────────────────────────────────────────────────────────


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Room for 10 bytes on the disk, and a clock."""
    clock = Clock()
    monkeypatch.setattr(files_module, "MAX_SESSION_BYTES", 10)
    monkeypatch.setattr(files_module, "time", clock)
    return clock


async def test_the_disk_is_bounded(clock: Clock) -> None:
    async with ChatDriver(lambda message: "seen") as user:
        await user.send("", files=[await user.upload(b"12345678")])
        with pytest.raises(UploadError, match="There is no room for more"):
            await user.upload(b"12345678", "more.bin")


async def test_what_waits_long_to_be_sent_makes_room(clock: Clock) -> None:
    async with ChatDriver(lambda message: "seen") as user:
        left = await user.upload(b"12345678")
        with pytest.raises(UploadError, match="no room"):
            await user.upload(b"12345678")
        clock.now = 61.0
        await user.upload(b"12345678")
        assert left not in user.session.files


# ── From Python ──────────────────────────────────────────────────────────────────────────────────


async def test_a_cell_sends_files_too(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes(b"a,b\n")
    chat = cl.Chat(lambda message: "seen", uploads=False)
    await chat.send("look", files=[table, ("plot.png", PNG), ("empty", b"")])
    kept = [(file["name"], file["type"], file["path"].read_bytes()) for file in chat.session.files.values()]
    assert kept == [
        ("table.csv", "text/csv", b"a,b\n"),
        ("plot.png", "image/png", PNG),
        ("empty", "text/plain", b""),
    ]
    with pytest.raises(UploadError, match=r"nowhere.csv cannot be read: No such file"):
        await chat.send("look", files=["nowhere.csv"])
    chat.close()
    with pytest.raises(SessionEndedError):
        await chat.send("look", files=[table])


async def test_a_fork_keeps_the_files_of_what_it_goes_on_with(tmp_path: Path) -> None:
    chat = cl.Chat(lambda message: "seen")
    await chat.send("look", files=[("a.txt", b"data")])
    (path,) = (file["path"] for file in chat.session.files.values())
    twin = chat.fork()
    await chat.restart()
    assert path.read_bytes() == b"data"
    await twin.restart()
    assert not path.exists()
    chat.close()
    twin.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda: cl.Uploads("image/*"),
        lambda: cl.Uploads(["png"]),
        lambda: cl.Uploads(max_files=0),
        lambda: cl.Uploads(max_size_mb=-1),
        lambda: cl.App(uploads="yes"),  # type: ignore[arg-type]
        lambda: cl.Chat(uploads=3),  # type: ignore[arg-type]
    ],
)
def test_rules_that_cannot_be_are_refused_where_they_are_written(make: object) -> None:
    assert callable(make)
    with pytest.raises(OptionError, match="takes"):
        make()

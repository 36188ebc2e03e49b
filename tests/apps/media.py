"""A drawer of files of every kind: bytes, addresses and paths, in the answer, beside it, on a page of their own."""

import struct
import zlib
from pathlib import Path

import chainlit as cl


def png(red: int, green: int, blue: int) -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes([0, red, green, blue]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def wav() -> bytes:
    """Silence, very short."""
    samples = bytes(16)
    sound = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    return b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"WAVEfmt \x10\0\0\0" + sound + b"data\x10\0\0\0" + samples


DRAWER = {
    "picture": lambda: cl.Image(name="picture", content=png(200, 30, 30), display="inline", size="small"),
    "poster": lambda: cl.Image(name="poster", url="https://example.org/poster.png", display="page"),
    "sound": lambda: cl.Audio(name="sound", content=wav(), mime="audio/wav", auto_play=False),
    "film": lambda: cl.Video(name="film", url="https://example.org/film.mp4", size="medium"),
    "paper": lambda: cl.Pdf(name="paper", content=b"%PDF-1.4 nothing", display="side", page=1),
    "code": lambda: cl.Text(name="code", content="print('hello')", language="python", display="inline"),
    "archive": lambda: cl.File(name="media.py", path=str(Path(__file__)), display="inline"),
}


@cl.on_message
async def main(message: cl.Message):
    wanted = [name for name in DRAWER if name in message.content]
    elements = [DRAWER[name]() for name in wanted]
    answer = await cl.Message(content=f"Here: {', '.join(wanted)}.", elements=elements).send()
    if "away" in message.content:
        for element in answer.elements:
            await element.remove()
    if "later" in message.content:
        await DRAWER["code"]().send(for_id=answer.id)

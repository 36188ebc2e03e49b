"""A voice assistant that can also be written to."""

import io

import chainlit as cl


@cl.on_audio_start
async def on_audio_start():
    cl.user_session.set("heard", io.BytesIO())
    return True


@cl.on_audio_chunk
async def on_audio_chunk(chunk: cl.InputAudioChunk):
    cl.user_session.get("heard").write(chunk.data)


@cl.on_audio_end
async def on_audio_end():
    sound = cl.user_session.get("heard").getvalue()
    await cl.Message(content=f"{len(sound)} bytes", elements=[cl.Audio(content=sound, mime="audio/pcm")]).send()
    chunk = cl.OutputAudioChunk(mimeType="pcm16", data=sound, track="answer")
    await cl.context.emitter.send_audio_chunk(chunk)
    await cl.context.emitter.send_audio_interrupt()


@cl.on_message
async def main(message: cl.Message):
    await cl.Message(content=f"You write {message.content!r} instead of saying it.").send()

"""Two editions of an app, each with a look of its own, to be mounted on a web server that is elsewhere."""

import chainlit as cl
from chainlit.config import ChainlitConfigOverrides, FeaturesSettings, McpFeature, UISettings
from chainlit.context import init_http_context, local_steps
from chainlit.utils import mount_chainlit


def mount(server):
    mount_chainlit(app=server, target=__file__, path="/chat")


async def check_without_a_page():
    """For a console: what is sent here is seen by nobody."""
    init_http_context()
    await cl.Message(content="it works").send()


@cl.set_chat_profiles
async def editions(user: cl.User):
    pro = ChainlitConfigOverrides(
        ui=UISettings(name="Pro", cot="full"), features=FeaturesSettings(mcp=McpFeature(enabled=True))
    )
    return [
        cl.ChatProfile(name="free", display_name="Free", markdown_description="For a start."),
        cl.ChatProfile(name="pro", display_name="Pro", markdown_description="All of it.", config_overrides=pro),
    ]


@cl.on_message
async def main(message: cl.Message):
    names = [step.name for step in local_steps.get() or []]
    profile = cl.user_session.get("chat_profile")
    await cl.Message(content=f"{profile} in {' > '.join(names) or 'no step'}").send()

"""Tools of MCP servers, once a user has connected one."""

import chainlit as cl


@cl.on_mcp_connect
async def connected(connection, session):
    tools = await session.list_tools()
    cl.user_session.set("mcp_tools", {connection.name: [tool.name for tool in tools.tools]})


@cl.on_mcp_disconnect
async def disconnected(name: str, session):
    cl.user_session.get("mcp_tools", {}).pop(name, None)


@cl.step(type="tool")
async def call_tool(server: str, tool: str):
    client, _ = cl.context.session.mcp_sessions[server]
    return await client.call_tool(tool, {})


@cl.on_message
async def main(message: cl.Message):
    tools = cl.user_session.get("mcp_tools", {})
    await cl.Message(content=f"{len(tools)} servers are connected.").send()
    for server, names in tools.items():
        for name in names:
            await call_tool(server, name)

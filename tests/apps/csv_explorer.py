"""A table is uploaded and explored: as a table, as a figure to hover over, as a picture."""

import matplotlib

matplotlib.use("Agg")

import chainlit as cl
import matplotlib.pyplot as plt
import pandas as pd
import plotly.graph_objects as go
from chainlit.types import AskFileResponse


@cl.on_chat_start
async def start():
    files = None
    while files is None:
        files = await cl.AskFileMessage(
            content="Please upload a CSV file.",
            accept={"text/csv": [".csv"]},
            max_size_mb=1,
            max_files=2,
            timeout=180,
        ).send()
    file: AskFileResponse = files[0]
    cl.user_session.set("table", pd.read_csv(file.path))
    await cl.Message(content=f"`{file.name}` has {len(cl.user_session.get('table'))} rows.").send()


@cl.on_message
async def main(message: cl.Message):
    for element in message.elements:
        if element.name.endswith(".csv"):
            cl.user_session.set("table", pd.read_csv(element.path))
    table = cl.user_session.get("table")
    column = message.content
    if column not in table.columns:
        elements = [cl.Dataframe(name="table", data=table, display="inline", size="large")]
        await cl.Message(content=f"Columns: {', '.join(table.columns)}", elements=elements).send()
        return
    await cl.Message(content=f"The mean of {column} is {table[column].mean():g}.", elements=draw(table, column)).send()


def draw(table: pd.DataFrame, column: str):
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.hist(table[column])
    plt.close(figure)
    return [
        cl.Plotly(name="line", figure=go.Figure(go.Scatter(y=table[column])), display="inline", size="small"),
        cl.Pyplot(name="histogram", figure=figure, display="inline"),
    ]

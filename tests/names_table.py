"""The README's table of Chainlit's names, made from the code: ``python tests/names_table.py`` writes it anew."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import anychat
from anychat.names import ACCEPTED, CHAINLIT, standing

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- names -->\n", "<!-- /names -->\n"


def table() -> str:
    """The lines between the markers."""
    rows = sorted((standing(name, anychat.__all__), name) for name in CHAINLIT)
    groups = {each: [name for _, name in rows] for each, rows in groupby(rows, key=lambda row: row[0])}
    counts = ", ".join(f"{len(groups.get(each, []))} {each}" for each in ("supported", "accepted", "absent"))
    lines = [
        f"<summary>All {len(CHAINLIT)} names of Chainlit: {counts}</summary>",
        "",
        "| name | here | instead |",
        "| --- | --- | --- |",
        *(f"| `{name}` | {standing(name, anychat.__all__)} | {ACCEPTED.get(name, '')} |" for name in CHAINLIT),
    ]
    return "\n".join(["<details>", *lines, "", "</details>", ""])


def with_table(text: str) -> str:
    """The README, with the table as it should be."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    README.write_bytes(with_table(README.read_text("utf-8")).encode())

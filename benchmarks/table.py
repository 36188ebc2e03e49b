"""The result, as a Markdown table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.figure import Summary

HEAD = ("what", "measured", "range", "floor", "ratio", "target", "")


def render(results: Mapping[str, Sequence[Summary]]) -> str:
    """A table of all scenarios."""
    rows: list[tuple[str, ...]] = []
    for scenario, summaries in results.items():
        rows.append((f"**{scenario}**", *[""] * (len(HEAD) - 1)))
        rows.extend(map(_row, summaries))
    widths = [max(len(row[column]) for row in [HEAD, *rows]) for column in range(len(HEAD))]
    lines = [_line(HEAD, widths), _line(["-" * width for width in widths], widths)]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def _row(summary: Summary) -> tuple[str, ...]:
    return (
        summary.name,
        f"{_number(summary.value)} {summary.unit}".rstrip(),
        f"{_number(summary.low)}–{_number(summary.high)}" if summary.low != summary.high else "",
        "" if summary.floor is None else _number(summary.floor),
        "" if summary.ratio is None else f"{summary.ratio:.2f}×",
        summary.target,
        "" if not summary.target else "missed" if summary.is_missed else "met",
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def _number(value: float) -> str:
    """Three digits say all there is to say."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{1 if abs(value) >= 10 else 2}f}"

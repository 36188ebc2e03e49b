"""A figure: one thing measured, beside what the floor takes for the same."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One thing measured, once.

    Attributes
    ----------
    name : str
        What was measured, the same in each repetition.
    value : float
        How much.
    unit : str
        Of what.
    floor : float or None
        The same of the floor (or of whatever it is compared to).
    most : float or None
        What the value should not exceed.
    most_ratio : float or None
        What the ratio to the floor should not exceed.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    most: float | None = None
    most_ratio: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the floor it is."""
        return self.value / self.floor if self.floor else None


@dataclass(frozen=True)
class Summary:
    """One thing measured, over all repetitions: medians, and the range of the values."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    floor: float | None
    ratio: float | None
    target: str
    is_missed: bool

    def to_dict(self) -> dict[str, object]:
        """As plain data."""
        return asdict(self)


def summarize(figures: Sequence[Figure]) -> Summary:
    """What several measurements of one thing say. The ratio is the median of ratios, each of one repetition."""
    first, values = figures[0], [figure.value for figure in figures]
    ratios = [figure.ratio for figure in figures if figure.ratio is not None]
    floors = [figure.floor for figure in figures if figure.floor is not None]
    value = statistics.median(values)
    ratio = statistics.median(ratios) if ratios else None
    return Summary(
        name=first.name,
        value=value,
        low=min(values),
        high=max(values),
        unit=first.unit,
        floor=statistics.median(floors) if floors else None,
        ratio=ratio,
        target=_target(first),
        is_missed=_exceeds(value, first.most) or _exceeds(ratio, first.most_ratio),
    )


def _target(figure: Figure) -> str:
    bounds = []
    if figure.most is not None:
        bounds.append(f"≤ {figure.most:g} {figure.unit}".rstrip())
    if figure.most_ratio is not None:
        bounds.append(f"≤ {figure.most_ratio:g}×")
    return ", ".join(bounds)


def _exceeds(value: float | None, most: float | None) -> bool:
    return value is not None and most is not None and value > most


def quantile(values: Sequence[float], part: float) -> float:
    """The value that this part of all values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]

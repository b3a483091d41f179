"""Whether a number lies between limits, the ends included."""

from __future__ import annotations

ROUNDING = 1e-6
"""Rounding in the last digits cannot put a number out of its limits: this share of a limit is forgiven."""


def within(value: float, low: float | None, high: float | None) -> bool:
    """Whether a value lies in an interval, its ends included; None for no limit."""
    at_least = low is None or value >= low - ROUNDING * abs(low)
    return at_least and (high is None or value <= high + ROUNDING * abs(high))

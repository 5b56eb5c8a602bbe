"""A till whose way through depends on the numbers that it is called with."""

from __future__ import annotations

import sys
from pathlib import Path


class Till:
    """Counts."""

    def __init__(self) -> None:
        """Doc of a method."""
        self.total = 0

    def add(self, cents: int) -> int:
        if cents < 0:
            raise ValueError(cents)
        while cents > 500:
            cents -= 500
            self.total += 500
            if self.total > 2000:
                break
        else:
            self.total += cents
        return self.total

    def audit(self) -> None:  # pragma: no cover
        print(self.total)


def label(cents: int) -> str | None:
    match cents % 5:
        case 0:
            return "round"
        case 1 | 2:  # pragma: no cover
            return "low"
        case 3:
            text = "high"
        case _:
            return None
    if text:  # pragma: no branch
        text += "!"
    for letter in text:
        if letter == "z":
            continue
    return text if cents else None


def main(numbers: list[int]) -> None:
    till = Till()
    for number in numbers:
        try:
            till.add(number)
        except ValueError:
            continue
        finally:
            label(number)
    seen = [number for number in numbers if number > 3]
    if seen and any(number > 700 for number in seen):
        print("large")
    with Path(__file__).open() as source:
        if len(numbers) > 2:
            print(source.readline())


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]])

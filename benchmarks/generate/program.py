"""What generated source files are put together from: each definition below may come any number of times.

It is read, never imported. `benchmarks.generate.pieces` says what a definition may hold.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)
RATES = {"standard": Decimal("0.19"), "reduced": Decimal("0.07"), "none": Decimal(0)}
LIMIT = 100
RETRIES = 3


def discounted(amount: Decimal, customer: Mapping[str, Any], today: int) -> Decimal:
    """An amount after a customer's discounts."""
    rate = Decimal(0)
    if customer.get("staff"):
        rate = Decimal("0.25")
    elif customer.get("orders", 0) > LIMIT:
        rate = Decimal("0.10")
    if today == customer.get("birthday"):
        rate += Decimal("0.05")
    reduction = amount * rate
    if reduction > LIMIT and not customer.get("unlimited"):
        reduction = Decimal(LIMIT)
    return amount - reduction


def grouped(entries: Iterable[Mapping[str, Any]], key: str) -> dict[Any, list[Mapping[str, Any]]]:
    """Entries by one of their values, those without it left out."""
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    skipped = 0
    for entry in entries:
        if key not in entry:
            skipped += 1
            continue
        value = entry[key]
        if value not in groups:
            groups[value] = []
        groups[value].append(entry)
    if skipped:
        logger.info("%d entries without %s", skipped, key)
    return groups


def settings_of(path: Path, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """A settings file's values over the defaults."""
    settings = dict(defaults)
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text)
    except FileNotFoundError:
        logger.info("no settings at %s", path)
        return settings
    except ValueError as error:
        raise RuntimeError(f"settings at {path} are damaged") from error
    for name, value in found.items():
        if name not in defaults:
            logger.warning("unknown setting %s", name)
        elif not isinstance(value, type(defaults[name])):
            logger.warning("setting %s has the wrong type", name)
        else:
            settings[name] = value
    return settings


def sent(message: Mapping[str, Any], send: Callable[[Mapping[str, Any]], bool]) -> bool:
    """Send a message, again where it fails."""
    attempt = 0
    while attempt < RETRIES:
        attempt += 1
        if send(message):
            logger.debug("sent at attempt %d", attempt)
            return True
        logger.warning(
            "attempt %d of %d failed",
            attempt,
            RETRIES,
        )
    if message.get("critical"):
        raise RuntimeError("a critical message could not be sent")
    return False


@dataclass
class Invoice:
    """What a customer owes."""

    number: int
    lines: list[tuple[str, int, Decimal]] = field(default_factory=list)
    currency: str = "EUR"
    paid: Decimal = Decimal(0)

    def add(self, article: str, count: int, price: Decimal) -> None:
        """Add a line, or to one of the same article and price."""
        if count <= 0:
            raise ValueError("the count must be positive")
        for index, (name, so_far, at) in enumerate(self.lines):
            if name == article and at == price:
                self.lines[index] = (name, so_far + count, at)
                break
        else:
            self.lines.append((article, count, price))

    @property
    def net(self) -> Decimal:
        """The sum before taxes."""
        return sum((count * price for _, count, price in self.lines), Decimal(0))

    def gross(self, kind: str) -> Decimal:
        """The sum with taxes."""
        rate = RATES.get(kind)
        if rate is None:
            raise KeyError(kind)
        return self.net * (1 + rate)

    def pay(self, amount: Decimal) -> bool:
        """Take a payment; whether the invoice is settled by it."""
        self.paid += amount
        open_amount = self.net - self.paid
        if open_amount > 0:
            logger.info("%s still open", open_amount)
            return False
        if open_amount < 0:
            logger.warning("overpaid by %s", -open_amount)
            self.paid = self.net
        return True


def shipping(weight: int, country: str, express: bool) -> Decimal:
    """What sending a parcel costs."""
    match country:
        case "DE":
            cost = Decimal(5)
        case "AT" | "CH":
            cost = Decimal(9)
        case _:
            cost = Decimal(15)
    if weight > LIMIT:
        extra = weight - LIMIT
        cost += extra // 10
    if express:
        cost *= 2
    return cost


def exported(rows: Iterable[Iterable[str]], path: Path, separator: str = ";") -> int:
    """Write rows to a file; how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            line = separator.join(cells)
            file.write(line)
            file.write("\n")
            count += 1
    if count == 0:
        path.unlink()
    return count


class Wallet:
    """An account that cannot be overdrawn."""

    fee = Decimal("0.50")
    history: list[Decimal]

    def __init__(self, balance: Decimal, owner: str) -> None:
        self.balance = balance
        self.owner = owner
        self.history = []
        self.locked = False

    def withdraw(self, amount: Decimal) -> Decimal:
        """Take an amount and the fee; what is left."""
        if self.locked:
            raise PermissionError(self.owner)
        total = amount + self.fee
        if total > self.balance:
            missing = total - self.balance
            logger.info("%s misses %s", self.owner, missing)
            raise ValueError("not enough")
        self.balance -= total
        self.history.append(-total)
        return self.balance

    def deposit(self, amount: Decimal) -> Decimal:
        """Put in an amount; what is there."""
        if amount <= 0:
            raise ValueError("nothing to deposit")
        self.balance += amount
        self.history.append(amount)
        if len(self.history) > LIMIT:
            self.history = self.history[-LIMIT:]
        return self.balance

    def statement(self) -> Iterator[str]:
        """The last movements as text."""
        for amount in self.history:
            sign = "+" if amount > 0 else "-"
            yield f"{sign}{abs(amount)}"
        if self.locked:
            yield "locked"

    def close(self) -> None:  # pragma: no cover
        """Close it for good."""
        self.locked = True
        self.balance = Decimal(0)


def merged(first: dict[str, Any], second: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """Two documents as one; the second wins."""
    if depth > RETRIES:
        raise RecursionError("nested too deeply")
    result = dict(first)
    for name, value in second.items():
        before = result.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            result[name] = {**before, **value}
        elif isinstance(before, list) and isinstance(value, list):
            result[name] = before + [one for one in value if one not in before]
        elif value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


def checked(order: Mapping[str, Any]) -> list[str]:
    """What is wrong with an order."""
    problems = []
    if not order.get("customer"):
        problems.append("no customer")
    lines = order.get("lines", [])
    if not lines:
        problems.append("no lines")
    for number, line in enumerate(lines, 1):
        if line.get("count", 0) <= 0:
            problems.append(f"line {number}: no count")
        if "article" not in line:
            problems.append(f"line {number}: no article")
        elif len(line["article"]) > LIMIT:
            problems.append(f"line {number}: no article has so long a name")
    address = order.get("address")
    if address is None:
        problems.append("no address")
    elif address.get("country") not in ("DE", "AT", "CH"):
        problems.append("we do not send there")
    return problems


def parsed(text: str) -> tuple[str, int]:
    """An article and its count from text such as `3 x apple`."""
    count, separator, article = text.partition(" x ")
    if not separator:
        return text.strip(), 1
    try:
        number = int(count)
        if number < 1:
            logger.warning("a count of %d", number)
    except ValueError:
        logger.warning("no count in %s", text)
        number = 1
    finally:
        article = article.strip()
    return article, number


class Queue:
    """Jobs in the order of their priority."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.jobs: list[tuple[int, str]] = []

    def put(self, priority: int, job: str) -> bool:
        """Add a job; whether there was room."""
        if len(self.jobs) >= self.limit:
            worst = max(self.jobs)
            if worst[0] <= priority:
                return False
            self.jobs.remove(worst)
        self.jobs.append((priority, job))
        self.jobs.sort()
        return True

    def take(self) -> str | None:
        """The next job."""
        if not self.jobs:
            return None
        priority, job = self.jobs.pop(0)
        logger.debug("%s had priority %d", job, priority)
        return job

    def run(self, work: Callable[[str], None]) -> int:
        """Do all jobs; how many failed."""
        failed = 0
        while job := self.take():
            try:
                work(job)
            except ValueError:
                failed += 1
                logger.exception("%s failed", job)
            else:
                logger.debug("%s done", job)
        return failed

"""A fresh store for each test, a clock that stands still, and the service on both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from billing.app import App
from billing.invoices import Invoices
from billing.storage import connect
from billing.topup import TopUps
from billing.wallet import Wallets
from tests.provider import SECRET, Clock, Provider


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(connect(":memory:")) as opened:
        yield opened


@pytest.fixture
def app(connection: sqlite3.Connection, clock: Clock) -> App:
    """The service, with the empty EUR wallet "ada"."""
    service = App(connection, SECRET, clock)
    service.wallets.open("ada", "EUR")
    return service


@pytest.fixture
def wallets(app: App) -> Wallets:
    return app.wallets


@pytest.fixture
def top_ups(app: App) -> TopUps:
    return app.top_ups


@pytest.fixture
def invoices(app: App) -> Invoices:
    return app.invoices


@pytest.fixture
def provider(app: App, clock: Clock) -> Provider:
    return Provider(app, clock)

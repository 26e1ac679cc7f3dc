"""What the worker does for ledgers: tables that are too large for one answer."""

from __future__ import annotations

from uuid import UUID

from yakuba.engines.ledger.bundles.actions import working as bundles
from yakuba.engines.ledger.bundles.queries import waiting as waiting_bundle
from yakuba.engines.ledger.exchange.actions import lines
from yakuba.engines.ledger.exchange.actions.importing import CONFIRMED, MATCHED
from yakuba.engines.ledger.exchange.actions.reading_lines import read_lines
from yakuba.engines.ledger.exchange.actions.staging import read_in, sweep, write_out
from yakuba.engines.ledger.exchange.queries import waiting
from yakuba.engines.ledger.forms import actions  # noqa: F401 – registered with the rest of the room
from yakuba.engines.ledger.queries import unlooked_since
from yakuba.engines.ledger.store import MANY, looked_after
from yakuba.engines.protection.subscriptions import look_at_all
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.handlers import Payload, work
from yakuba.kernel.outbox.schedules import Due, schedule


@work(topic=MATCHED, name="ledger.read_import", lease_seconds=900)
def read(ctx: Context, payload: Payload, _key: str) -> None:
    """Read and judge a table; a second time it is read anew."""
    batch = waiting(ctx, UUID(str(payload["batch"])), "reading")
    if batch is not None:
        read_in(ctx, batch)


@work(topic=CONFIRMED, name="ledger.write_import", lease_seconds=900)
def write(ctx: Context, payload: Payload, _key: str) -> None:
    """Write what a person confirmed; a second time it goes on where it was."""
    batch = waiting(ctx, UUID(str(payload["batch"])), "writing", "indexing")
    if batch is not None:
        write_out(ctx, batch)


@work(topic=MANY, name="ledger.look_after_many", lease_seconds=900)
def look_after_many(ctx: Context, payload: Payload, _key: str) -> None:
    """Rows of a large table are written by one statement: their persons are compared with the register of 支援措置 here."""
    ledger = str(payload["ledger"])
    since = unlooked_since(ctx, ledger)
    look_at_all(ctx, [ledger])
    if since is not None:
        looked_after(ctx, ledger, since)


@schedule("ledger.sweep_imports", every="day", at="04:40", each_municipality=True, lease_seconds=3600)
def sweep_imports(due: Due) -> None:
    """Clear imports that nobody finished, and files that nobody gave to an entry."""
    if due.ctx is not None:
        sweep(due.ctx, clock.now())
        bundles.sweep(due.ctx, clock.now())


@work(topic=bundles.BEGUN, name="ledger.read_bundle", lease_seconds=900)
def read_bundle(ctx: Context, payload: Payload, _key: str) -> None:
    """Look through photos and papers that came at once; a second time it goes on where it was."""
    bundle = waiting_bundle(ctx, UUID(str(payload["bundle"])))
    if bundle is not None:
        bundles.look_through(ctx, bundle)


@work(topic=lines.MATCHED, name="ledger.read_lines", lease_seconds=900)
def read_sub_rows(ctx: Context, payload: Payload, _key: str) -> None:
    """Read and judge a table of sub-rows; a second time it is read anew."""
    batch = waiting(ctx, UUID(str(payload["batch"])), "reading")
    if batch is not None:
        read_lines(ctx, batch)


@work(topic=lines.CONFIRMED, name="ledger.write_lines", lease_seconds=3600)
def write_sub_rows(ctx: Context, payload: Payload, _key: str) -> None:
    """Write what a person confirmed, entry by entry; a second time it goes on where it was."""
    batch = waiting(ctx, UUID(str(payload["batch"])), "writing")
    if batch is not None:
        lines.write_all(ctx, batch)

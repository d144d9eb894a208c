"""Power loss on real SQLite files: with our settings nothing acknowledged is lost, and the harness can see a loss."""

from __future__ import annotations

from bench.power import LIES, SETTINGS, cut, recorded

from corridor.ledger.stores.database import SQLITE_SETTINGS

OURS, NORMAL = list(SETTINGS)[:2]


def test_nothing_acknowledged_is_lost() -> None:
    """Power cut at 400 points, with what was not synced kept, dropped or torn: every acknowledged row is there."""
    assert cut(SETTINGS[OURS], 400, seed=1) == {"whole": 400}


def test_the_harness_sees_a_loss() -> None:
    """With `synchronous=NORMAL`, and on a disk that lies about syncs, the same cuts lose what was acknowledged."""
    assert cut(SETTINGS[NORMAL], 60, seed=1)["lost"] > 0
    lied = cut(SETTINGS[LIES], 60, seed=1, lies=True)
    assert lied["lost"] + lied["corrupt"] > 0


def test_the_record_holds_commits_and_checkpoints() -> None:
    """What is cut is a write-ahead log that is synced for each commit and is checkpointed into the database."""
    record, rows = recorded(SQLITE_SETTINGS, 20)
    syncs = [act.file for act in record if act.type == "sync"]
    assert syncs.count("ledger-wal") >= 20
    assert syncs.count("ledger") >= 2
    assert len(rows) > 20
    assert record[-1].type == "acknowledged"
    assert record[-1].offset == len(rows)

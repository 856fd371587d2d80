"""What RocksDB raises, and whether the store is to blame. That a torn one comes back whole is shown on a broker (tests.faults, `store`)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rocksdict import Options, Rdict

from streams.agents.state import State
from streams.agents.store import is_broken
from streams.app import create_app
from streams.settings import Settings


def opened(path: Path) -> Rdict:
    return Rdict(str(path), options=Options(raw_mode=True))


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    store = opened(tmp_path / "db")
    for number in range(1000):
        store[b"%d" % number] = bytes(1000)
    store.flush()
    store.close()
    return tmp_path / "db"


@pytest.mark.parametrize("pattern", ["CURRENT", "MANIFEST-*", "*.sst"])
def test_what_is_cut_short_is_broken(torn: Path, pattern: str) -> None:
    for path in torn.glob(pattern):
        os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(Exception, match=r"^(Corruption|IO error|Invalid argument)") as raised:
        list(opened(torn).items())
    assert is_broken(raised.value)


def test_what_another_has_open_is_not_broken(torn: Path) -> None:
    store = opened(torn)
    with pytest.raises(Exception, match="lock") as raised:
        opened(torn)
    assert not is_broken(raised.value)
    store.close()


def test_a_store_that_proves_broken_when_it_is_read_is_gone_at_the_next_start(tmp_path: Path) -> None:
    table = State(create_app(Settings(store="rocksdb", store_directory=str(tmp_path))), "state", lambda message: None)._table
    path = table.data.partition_path(0)
    table.data._db_for_partition(0)
    assert path.exists()
    with pytest.raises(KeyError), table.whole():
        raise KeyError
    assert path.exists()
    with pytest.raises(Exception, match="Corruption"), table.whole():
        raise Exception("Corruption: block checksum mismatch")
    assert not path.exists()


@pytest.mark.parametrize("text", ["IO error: No space left on device: While appending to file", "KeyError", "IO error: File too large: x"])
def test_a_full_disk_and_what_is_ours_are_no_fault_of_the_store(text: str) -> None:
    assert not is_broken(Exception(text))

"""Faust's table on RocksDB, which outlives its disk: a store that cannot be read is thrown away, for its topic has all of it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import faust
from faust.stores.rocksdb import Store

log = logging.getLogger(__name__)

_NO_FAULT_OF_THE_STORE = ("No space left", "File too large", "Permission denied", "Too many open files", "While lock file", "lock hold by")


class _Store(Store):
    """One RocksDB a partition."""

    logger = logging.getLogger("faust.tables")

    def _open_for_partition(self, partition: int) -> Any:
        try:
            return super()._open_for_partition(partition)
        except Exception as error:
            if not is_broken(error):
                raise
            log.warning("the store of partition %d of %s is broken (%s): it is made anew from its topic", partition, self.table_name, error)
            self.discard(partition)
            return super()._open_for_partition(partition)

    def discard(self, partition: int) -> None:
        """Throw away what lies on disk of a partition."""
        shutil.rmtree(self.partition_path(partition))


class Table(faust.Table[bytes, bytes]):
    """Faust's table, with that store where it is to lie on disk."""

    logger = logging.getLogger("faust.tables")

    def _new_store(self) -> Any:
        if self.app.conf.store.scheme == "memory":
            return super()._new_store()
        return _Store(
            self.app.conf.store,
            self.app,
            self,
            table_name=self.name,
            key_type=self.key_type,
            value_type=self.value_type,
            key_serializer=self.key_serializer,
            value_serializer=self.value_serializer,
            options=self.options,
        )

    @contextmanager
    def whole(self) -> Iterator[None]:
        """What is read of the store here may prove to be broken; then nothing of it is there at the next start, and its topic is read.

        :raises Exception: what reading raised.
        """
        try:
            yield
        except Exception as error:
            if is_broken(error) and isinstance(self.data, _Store):
                for partition in self.data._dbs:
                    self.data.discard(partition)
            raise


def is_broken(error: Exception) -> bool:
    """Whether RocksDB says that what lies on disk is not what it wrote; a full disk or a lock is something else."""
    text = str(error)
    rocksdb = text.startswith(("Corruption", "IO error", "Invalid argument", "NotFound"))
    return rocksdb and not any(other in text for other in _NO_FAULT_OF_THE_STORE)

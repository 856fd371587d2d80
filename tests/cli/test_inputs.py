"""Which files are read, in which order, and what each payload is called."""

import pytest

from streams.cli import inputs
from streams.cli.errors import USAGE, Failure


def test_a_folder_is_read_in_the_order_of_names_without_hidden_files(tmp_path):
    (tmp_path / "b.json").write_text("{\n}")
    (tmp_path / "a.jsonl").write_text("1\n\n2\r\n3")
    (tmp_path / ".hidden").write_text("no")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "d.ndjson").write_text("4\n")
    found = [(payload.where.removeprefix(f"{tmp_path}/"), payload.data) for payload in inputs.payloads([str(tmp_path)])]
    assert found == [("a.jsonl:1", b"1"), ("a.jsonl:3", b"2"), ("a.jsonl:4", b"3"), ("b.json", b"{\n}"), ("c/d.ndjson:1", b"4")]


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Failure, match=r"no-such\.json: no such file") as failure:
        list(inputs.payloads([str(tmp_path / "no-such.json")]))
    assert failure.value.exit_code == USAGE


def test_the_size_is_known_for_files_and_not_for_standard_input(tmp_path):
    (tmp_path / "a.json").write_text("123")
    assert inputs.total_bytes([str(tmp_path)]) == 3
    assert inputs.total_bytes(["-"]) is None


def test_lines_are_known_by_what_they_hold_where_the_name_does_not_tell(tmp_path):
    file = tmp_path / "articles"
    file.write_text('{"id": "1"}\n{"id": "2"}\n')
    assert [payload.data for payload in inputs.payloads([str(file)])] == [b'{"id": "1"}', b'{"id": "2"}']
    file.write_text('{\n "id": "1"\n}\n')
    assert [payload.where for payload in inputs.payloads([str(file)])] == [str(file)]
    file.write_text('{"id": "1"}\n')
    assert [payload.data for payload in inputs.payloads([str(file)])] == [b'{"id": "1"}\n']

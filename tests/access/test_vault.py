import tracemalloc

import pytest

from access.vault import PIECE, FileStore, SealBrokenError, seal, seal_text, unseal, unseal_text


def test_what_is_sealed_comes_back_and_tells_nothing():
    sealed = seal_text("320611-0000", "person:7")
    assert "320611" not in sealed
    assert unseal_text(sealed, "person:7") == "320611-0000"
    assert seal_text("320611-0000", "person:7") != sealed


def test_a_value_cannot_be_moved_to_another_person():
    with pytest.raises(SealBrokenError):
        unseal(seal(b"secret", "person:7"), "person:8")


@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_changed_byte_is_noticed(place):
    sealed = bytearray(seal(b"secret", "x"))
    sealed[place] ^= 1
    with pytest.raises(SealBrokenError):
        unseal(bytes(sealed), "x")


def test_files_are_stored_sealed_under_a_name_that_says_nothing(tmp_path):
    store = FileStore(tmp_path)
    key = store.put(b"report")
    assert store.get(key) == b"report"
    assert all(b"report" not in path.read_bytes() for path in tmp_path.iterdir())
    store.remove(key)
    with pytest.raises(FileNotFoundError):
        store.get(key)


def test_a_stored_file_that_was_changed_cut_short_or_moved_is_noticed(tmp_path):
    store = FileStore(tmp_path)
    key, other = store.put(b"report"), store.put(b"")
    assert store.get(other) == b""
    path = tmp_path / f"{key}.sealed"
    sealed = path.read_bytes()
    changed = (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:5] + bytes([sealed[5] ^ 1]) + sealed[6:])
    for broken in (*changed, sealed[:-1], sealed[:20], b"", (tmp_path / f"{other}.sealed").read_bytes()):
        path.write_bytes(broken)
        with pytest.raises(SealBrokenError):
            store.get(key)


def test_a_large_file_is_opened_without_standing_in_memory_twice(tmp_path):
    store = FileStore(tmp_path)
    size = 24 * PIECE
    key = store.put(bytes(size))
    tracemalloc.start()
    content = store.get(key)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(content) == size and peak < 1.5 * size, peak


def test_a_key_cannot_leave_the_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        FileStore(tmp_path).get("../keys/data_key")

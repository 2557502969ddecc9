import hashlib
import tracemalloc

import pytest

from access.stored_response import StoredFileResponse
from access.vault import FileStore, SealBrokenError, seal, seal_text, unseal, unseal_text


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


def test_a_key_cannot_leave_the_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        FileStore(tmp_path).get("../keys/data_key")


def test_a_large_file_is_read_in_pieces_and_never_stands_in_memory(tmp_path):
    store = FileStore(tmp_path)
    with store.writing() as draft:
        for n in range(40):
            draft.write(bytes([n]) * 1024 * 1024)
    digest = hashlib.sha256(store.get(draft.key)).hexdigest()
    tracemalloc.start()
    file, found = store.open(draft.key), hashlib.sha256()
    for piece in file:
        found.update(piece)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    store.remove(draft.key)
    assert b"".join(file)[:1] == b"\x00"  # read again from its beginning, also when its name is gone
    file.close()
    assert (found.hexdigest(), file.size) == (digest, 40 * 1024 * 1024) and most < 8 * 1024 * 1024
    with pytest.raises(ValueError, match="closed"):
        next(iter(file))


def test_a_changed_or_foreign_file_is_not_opened(tmp_path):
    store = FileStore(tmp_path)
    key, other = store.put(b"x" * 100), store.put(b"y" * 100)
    (tmp_path / f"{other}.sealed").rename(tmp_path / f"{key}.sealed")
    for name, error in ((key, SealBrokenError), (other, FileNotFoundError), ("../x", FileNotFoundError)):
        with pytest.raises(error):
            store.open(name)


def test_only_a_file_of_the_store_leaves_in_pieces():
    with pytest.raises(TypeError):
        StoredFileResponse(iter([b"rows"]), "text/plain")

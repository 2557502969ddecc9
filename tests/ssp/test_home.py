"""SSP_HOME: who may use it, what lies in it, and what --reset deletes."""

import base64
import stat

import pytest

from ssp.folders import ServiceError, make_folder, make_private, socket_folder
from ssp.launcher.home import STATE, open_home, write_mark


def test_a_new_home_is_private_and_marked(tmp_path):
    home = open_home(tmp_path / "a" / "home")
    home.make_folders()
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    assert (home.path / ".ssp").exists()
    assert stat.S_IMODE((home.path / "keys").stat().st_mode) == 0o700


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ServiceError, match="holds other files"):
        open_home(tmp_path)


def test_a_file_in_the_place_of_the_home_is_one_sentence(tmp_path):
    (tmp_path / "var").write_text("")
    with pytest.raises(ServiceError, match="something else has that name"):
        open_home(tmp_path / "var")


def test_a_second_launcher_is_told_who_runs(tmp_path):
    first = open_home(tmp_path / "home")
    write_mark(first, "process 42, port 8000,")
    with pytest.raises(ServiceError, match="running already, process 42, port 8000"):
        open_home(tmp_path / "home")
    first.lock.close()
    open_home(tmp_path / "home").lock.close()


def test_reset_deletes_the_state_and_nothing_else(tmp_path):
    home = open_home(tmp_path / "home")
    home.make_folders()
    home.secret("secret_key")
    (home.path / "notes").mkdir()
    home.delete_state()
    assert {path.name for path in home.path.iterdir()} == {".ssp", "notes"}
    assert "notes" not in STATE


def test_a_secret_is_drawn_once_and_private(tmp_path):
    home = open_home(tmp_path / "home")
    key = home.secret("data_key", "bytes")
    assert len(base64.b64decode(key)) == 32
    assert home.secret("data_key", "bytes") == key
    assert stat.S_IMODE((home.path / "keys" / "data_key").stat().st_mode) == 0o600
    assert home.secret("secret_key") != key


def test_a_large_log_is_put_aside(tmp_path):
    home = open_home(tmp_path / "home")
    home.log("web").write_bytes(b"x" * 10_000_001)
    assert not home.log("web").exists()
    assert (home.path / "logs" / "web.log.1").stat().st_size == 10_000_001


def test_a_link_is_never_taken_over(tmp_path):
    (tmp_path / "target").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "target")
    with pytest.raises(ServiceError, match="not a folder of ours"):
        make_private(tmp_path / "run")


def test_sockets_of_a_deep_home_get_a_short_path(tmp_path):
    deep = tmp_path / ("x" * 100)
    assert socket_folder(tmp_path / "home") == tmp_path / "home" / "run" or len(str(tmp_path)) > 70
    assert len(str(socket_folder(deep) / ".s.PGSQL.5432")) < 107
    assert socket_folder(deep) != socket_folder(deep / "y")


def test_make_folder_below_a_file_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ServiceError):
        make_folder(tmp_path / "file" / "below")

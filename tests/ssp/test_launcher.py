"""The launcher's choices: port, database, broker, and what the product's processes are told."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ssp.folders import ServiceError
from ssp.launcher.databases import Database, choose_database, with_user
from ssp.launcher.home import open_home
from ssp.launcher.product import Product, given_broker, product_environment, refuse_taken, unwell, wanted_port
from tests import harness

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def home(tmp_path):
    with_lock = open_home(tmp_path / "home")
    yield with_lock
    with_lock.lock.close()


@pytest.fixture
def listening():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize("text", ["eighty", "0", "70000", "-1", "80 80"])
def test_a_port_that_is_none_is_refused(text):
    with pytest.raises(ServiceError, match="SSP_PORT"):
        wanted_port({"SSP_PORT": text})


def test_the_port_is_8000_unless_told():
    assert wanted_port({}) == 8000
    assert wanted_port({"SSP_PORT": "8123"}) == 8123


def test_a_taken_port_names_the_way_out(listening):
    with pytest.raises(ServiceError, match=f"Port {listening} is taken.*SSP_PORT={listening + 1}"):
        refuse_taken(listening)


def test_a_server_that_is_not_ours_is_not_well(listening):
    assert "does not answer" in unwell(1)


def test_with_user_keeps_the_place_and_quotes_the_password():
    url = with_user("postgresql://admin:old@db.example:5433/ssp?sslmode=require", "ssp_app", "p@ss/word")
    assert url == "postgresql://ssp_app:p%40ss%2Fword@db.example:5433/ssp?sslmode=require"


@pytest.mark.parametrize("url", ["mysql://x/y", "host=x dbname=y", "postgresql://x"])
def test_a_strange_database_url_is_refused(url, home):
    with pytest.raises(ServiceError, match="must look like"):
        choose_database({"DATABASE_URL": url}, home, harness.server)


def test_a_database_that_does_not_answer_is_one_sentence(home):
    with pytest.raises(ServiceError, match="cannot be reached"):
        choose_database({"DATABASE_URL": "postgresql://ssp_app@127.0.0.1:1/ssp"}, home, harness.server)


def test_the_owner_is_no_role_to_run_as(home):
    with pytest.raises(ServiceError, match="names the role 'ssp_owner'"):
        choose_database({"DATABASE_URL": harness.server.database_url("ssp_owner", "postgres")}, home, harness.server)


def test_a_superuser_gets_the_product_its_own_roles(home):
    name = f"{harness.DATABASE}_launcher"
    try:
        found = choose_database({"DATABASE_URL": harness.server.database_url("postgres", name)}, home, harness.server)
        again = choose_database({"DATABASE_URL": found.app_url}, home, harness.server)
    finally:
        harness.drop(name)
    password = (home.path / "keys" / "password_ssp_app").read_text().strip()
    assert found.app_url.startswith(f"postgresql://ssp_app:{password}@/{name}?host=")
    assert found.owner_url is not None
    assert found.owner_url.startswith("postgresql://ssp_owner:")
    assert again == Database(found.app_url, None, embedded=False)


def test_a_broker_that_does_not_answer_is_one_sentence():
    with pytest.raises(ServiceError, match="REDIS_URL cannot be used"):
        given_broker("redis://127.0.0.1:1/0")


def test_the_product_never_learns_the_owners_password(home, monkeypatch):
    monkeypatch.setenv("SSP_OWNER_DATABASE_URL", "postgresql://ssp_owner:secret@db/ssp")
    monkeypatch.setenv("SSP_DEMO", "0")
    told = product_environment(home, Database("postgresql://ssp_app@/ssp", "postgresql://ssp_owner:secret@db/ssp", True), "unix:///x", 8123)
    assert "secret" not in " ".join(told.values()).replace("secret_key", "")
    assert told["SSP_DEMO"] == "0"  # what the caller set, stays
    assert told["DATABASE_URL"] == "postgresql://ssp_app@/ssp"


def test_reset_does_not_touch_somebody_elses_database(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://ssp_app@db/ssp")
    home.lock.close()
    product = Product(home.path)
    with pytest.raises(ServiceError, match="embedded database only"):
        product.run(reset=True)
    product.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be refused as root")
def test_the_launcher_refuses_to_run_as_root(tmp_path):
    done = subprocess.run([sys.executable, "-m", "ssp.launcher"], cwd=ROOT, env={**os.environ, "SSP_HOME": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "does not run as root" in done.stderr
    assert "Traceback" not in done.stderr

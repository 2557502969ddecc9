"""The mail sink: every mail one private file, nothing leaves."""

import smtplib
import socket
import stat
import subprocess
import sys
from email import message_from_bytes
from email.message import EmailMessage

from ssp.folders import wait_until


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_mail_becomes_one_private_file(tmp_path):
    port, folder = free_port(), tmp_path / "mail"
    process = subprocess.Popen([sys.executable, "-m", "ssp.mailsink", "--port", str(port), "--folder", str(folder)])
    try:
        assert wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, 60)
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = "Mødeindkaldelse", "ssp@thisted.example", "anna@thisted.example"
        message.set_content("Log ind for at se dagsordenen.")
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.send_message(message, to_addrs=["anna@thisted.example", "bo@thisted.example"])
        (file,) = folder.glob("*.eml")
        read = message_from_bytes(file.read_bytes())
        assert read["X-Envelope-To"] == "anna@thisted.example, bo@thisted.example"
        assert "dagsordenen" in read.get_payload()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    finally:
        process.terminate()
        assert process.wait(30) == 0


def test_a_taken_port_is_one_sentence(tmp_path):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        command = [sys.executable, "-m", "ssp.mailsink", "--port", str(server.getsockname()[1]), "--folder", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "cannot listen" in done.stderr
    assert "Traceback" not in done.stderr

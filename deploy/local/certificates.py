"""Certificates for servers of tests, by openssl."""

import pathlib
import subprocess

PASSWORD = "changeit"  # of server.p12, which lies beside its key


def make_certificates(folder: pathlib.Path) -> None:
    """An authority (ca.pem), and the server's key and certificate for the name localhost (server.p12)."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    name = ["-subj", "/CN=bytebasket test authority"]
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", *name, "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    (folder / "names.cnf").write_text("subjectAltName=DNS:localhost\n")
    authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "names.cnf"]
    openssl("x509", "-req", "-in", "server.csr", *authority, "-out", "server.pem")
    key = ["-inkey", "server.key", "-in", "server.pem", "-certfile", "ca.pem", "-passout", f"pass:{PASSWORD}"]
    openssl("pkcs12", "-export", *key, "-out", "server.p12")

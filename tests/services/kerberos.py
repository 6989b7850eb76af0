"""A Kerberos realm on loopback (Debian's krb5-kdc), and an HDFS that asks for its tickets."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess

from faults.server import PATIENCE, wait_until
from free_ports import free_port
from hdfs_server import Hdfs

REALM = "BYTEBASKET.TEST"
SBIN = "/usr/sbin"

KRB5_CONF = """[libdefaults]
default_realm = {realm}
dns_lookup_kdc = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
{realm} = {{
  kdc = 127.0.0.1:{port}
}}
"""
KDC_CONF = """[kdcdefaults]
kdc_listen = 127.0.0.1:{port}
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
{realm} = {{
  database_name = {folder}/principal
  key_stash_file = {folder}/stash
  acl_file = {folder}/acl
}}
"""


class Realm:
    """A key distribution centre in `folder`, which is started at once."""

    def __init__(self, folder: pathlib.Path):
        folder.mkdir(parents=True)
        self.folder = folder
        self.conf = folder / "krb5.conf"
        port = free_port()
        self.conf.write_text(KRB5_CONF.format(realm=REALM, port=port))
        (folder / "kdc.conf").write_text(KDC_CONF.format(realm=REALM, port=port, folder=folder))
        self.environment = {"KRB5_CONFIG": str(self.conf), "KRB5_KDC_PROFILE": str(folder / "kdc.conf")}
        self.call(f"{SBIN}/kdb5_util", "create", "-s", "-P", "of the test", "-r", REALM)
        with (folder / "kdc.log").open("ab") as log:
            self.process = subprocess.Popen([f"{SBIN}/krb5kdc", "-n"], env={**os.environ, **self.environment}, stdout=log, stderr=log)

    def call(self, *command: str, **environment: str) -> str:
        done = subprocess.run(
            command, env={**os.environ, **self.environment, **environment}, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def keytab(self, *principals: str) -> pathlib.Path:
        """New principals, and a file with their keys."""
        file = self.folder / f"{principals[0].replace('/', '-')}.keytab"
        for principal in principals:
            self.call(f"{SBIN}/kadmin.local", "-q", f"addprinc -randkey {principal}")
            self.call(f"{SBIN}/kadmin.local", "-q", f"ktadd -k {file} {principal}")
        return file

    def ticket(self, principal: str, keytab: pathlib.Path) -> dict[str, str]:
        """Logs in; what a process needs in its environment to have the ticket."""
        cache = {"KRB5CCNAME": f"FILE:{self.folder}/{principal}.ticket"}

        def logged_in() -> bool:  # the realm has just been started
            with contextlib.suppress(AssertionError):
                self.call("kinit", "-kt", str(keytab), principal, **cache)
                return True
            return False

        wait_until(logged_in, "a ticket")
        return {"KRB5_CONFIG": str(self.conf), **cache}

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


class SecuredHdfs(Hdfs):
    """Nobody is served without a ticket of the realm. `address` names the host as its principal does."""

    def __init__(self, folder: pathlib.Path, realm: Realm):
        self.realm = realm
        self.superuser = realm.ticket("hdfs", realm.keytab("hdfs"))
        super().__init__(folder)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def java(self, heap: str, main: str) -> list[str]:
        java, *rest = super().java(heap, main)
        return [java, f"-Djava.security.krb5.conf={self.realm.conf}", *rest]

    def curl(self, path: str, *options: str, ticket: dict[str, str]) -> str:
        """What it answers to the owner of the ticket; the way to the DataNode is followed."""
        command = ["curl", "--silent", "--show-error", "--negotiate", "--user", ":", "--location", "--max-time", "20"]
        return self.realm.call(*command, *options, self.address + path, **ticket)

    def bean(self, name: str) -> dict:
        """What it says of itself it says to owners of tickets only."""
        with contextlib.suppress(AssertionError, ValueError, LookupError):
            return json.loads(self.curl(f"/jmx?qry=Hadoop:service=NameNode,name={name}", ticket=self.superuser))["beans"][0]
        return {}

    def properties(self) -> dict[str, str]:
        servers = self.realm.keytab("hdfs/localhost", "HTTP/localhost")
        secret = self.home / "secret"
        secret.write_text("of the test\n")
        server, web = f"hdfs/localhost@{REALM}", f"HTTP/localhost@{REALM}"
        return {
            "hadoop.security.authentication": "kerberos",
            "hadoop.security.authorization": "true",
            # Asks for tickets over HTTP; without it nobody is let in.
            "hadoop.http.filter.initializers": "org.apache.hadoop.security.AuthenticationFilterInitializer",
            "hadoop.http.authentication.type": "kerberos",
            "hadoop.http.authentication.kerberos.principal": web,
            "hadoop.http.authentication.kerberos.keytab": str(servers),
            "hadoop.http.authentication.signature.secret.file": str(secret),
            "dfs.namenode.kerberos.principal": server,
            "dfs.namenode.keytab.file": str(servers),
            "dfs.datanode.kerberos.principal": server,
            "dfs.datanode.keytab.file": str(servers),
            "dfs.web.authentication.kerberos.principal": web,
            "dfs.web.authentication.kerberos.keytab": str(servers),
            "dfs.namenode.kerberos.internal.spnego.principal": web,
            "dfs.block.access.token.enable": "true",
            "dfs.permissions.enabled": "true",
            # Ports below 1024 or TLS, which a cluster needs beside, are not what is tested here.
            "ignore.secure.ports.for.testing": "true",
        }

    def prepare(self) -> None:
        super().prepare()
        lines = [f"<property><name>{name}</name><value>{value}</value></property>" for name, value in self.properties().items()]
        properties = "\n".join([*lines, ""])
        for name in ("core-site.xml", "hdfs-site.xml"):
            file = self.home / "conf" / name
            file.write_text(file.read_text().replace("</configuration>", f"{properties}</configuration>"))

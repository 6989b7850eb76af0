"""HDFS on loopback: a NameNode and a DataNode, reached through WebHDFS."""

import json
import pathlib
import subprocess
import urllib.error
import urllib.request

import maven
from free_ports import free_ports
from java_process import JavaProcess, fill_in

CONF = maven.HERE / "hdfs"
# Maven's jar of HDFS lacks the pages that its web servers look for; this much of them is enough to start.
WEB_APPS = ("hdfs", "datanode", "secondary", "static")
EMPTY_WEB_APP = '<web-app version="3.0" xmlns="http://java.sun.com/xml/ns/javaee"/>\n'
# What Hadoop's own start script opens for Java 17.
OPENED = ("io", "lang", "lang.reflect", "math", "net", "text", "util", "util.concurrent", "util.zip")


class Hdfs:
    """Both servers in `folder`. `address` is the NameNode's HTTP address."""

    def __init__(self, folder: pathlib.Path, heap: str = "256m"):
        self.folder = folder
        self.home = folder / "hdfs"
        self.port, self.rpc_port, *self.data_ports = free_ports(5)
        node = "org.apache.hadoop.hdfs.server"
        self.namenode = JavaProcess(folder, "namenode", self.java(heap, f"{node}.namenode.NameNode"), self.answers)
        self.datanode = JavaProcess(folder, "datanode", self.java(heap, f"{node}.datanode.DataNode"), self.has_datanode)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def java(self, heap: str, main: str) -> list[str]:
        opens = [f"--add-opens=java.base/java.{package}=ALL-UNNAMED" for package in OPENED]
        flags = [f"-Xmx{heap}", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true"]
        homes = [f"-Dhadoop.home.dir={self.home}", f"-Dhadoop.log.dir={self.home}"]
        return ["java", *flags, *homes, *opens, "-cp", f"{self.home}/conf:{maven.jars('hdfs')}/*", main]

    def prepare(self) -> None:
        if (self.home / "data/nn/current/VERSION").exists():
            return
        conf = self.home / "conf"
        for name in WEB_APPS:
            (conf / "webapps" / name / "WEB-INF").mkdir(parents=True, exist_ok=True)
            (conf / "webapps" / name / "WEB-INF/web.xml").write_text(EMPTY_WEB_APP)
        data, data_http, data_ipc = self.data_ports
        ports = {"RPC_PORT": self.rpc_port, "PORT": self.port, "DATA_PORT": data, "DATA_HTTP_PORT": data_http, "DATA_IPC_PORT": data_ipc}
        for name in ("core-site.xml", "hdfs-site.xml"):
            (conf / name).write_text(fill_in(CONF / f"{name}.in", FOLDER=self.home, **ports))
        (conf / "log4j.properties").write_text((CONF / "log4j.properties").read_text())
        subprocess.run([*self.namenode.command, "-format", "-nonInteractive"], check=True, capture_output=True)

    def bean(self, name: str) -> dict:
        """One of the NameNode's JMX beans; empty where it does not answer."""
        try:
            with urllib.request.urlopen(f"{self.address}/jmx?qry=Hadoop:service=NameNode,name={name}", timeout=3) as answer:
                return (json.load(answer)["beans"] or [{}])[0]
        except (OSError, urllib.error.URLError, ValueError, KeyError):
            return {}

    def answers(self) -> bool:
        return bool(self.bean("NameNodeInfo"))

    def has_datanode(self) -> bool:
        return self.bean("FSNamesystemState").get("NumLiveDataNodes") == 1 and self.bean("NameNodeInfo").get("Safemode") == ""

    def start(self) -> None:
        self.prepare()
        self.namenode.start()
        self.datanode.start()

    def wait_until_ready(self) -> None:
        self.namenode.wait_until_ready()
        self.datanode.wait_until_ready()

    def stop(self) -> None:
        self.datanode.stop()
        self.namenode.stop()

    def environment(self) -> dict[str, str]:
        return {"BYTEBASKET_TEST_HDFS": self.address}

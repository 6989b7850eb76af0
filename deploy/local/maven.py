"""The jars of a server, from Maven Central by its pom.xml, into .cache/servers/<name> of the checkout."""

import fcntl
import hashlib
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache/servers"


def jars(server: str, poms: pathlib.Path = HERE, cache: pathlib.Path = CACHE) -> pathlib.Path:
    """The folder of the jars that <poms>/<server>/pom.xml names, fetched where they are not there yet.

    Raises RuntimeError with what to do where Maven is missing or fails.
    """
    pom = poms / server / "pom.xml"
    version = hashlib.sha256(pom.read_bytes()).hexdigest()[:16]
    folder = cache / server
    stamp = folder / f".fetched-{version}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{server}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists():
            shutil.rmtree(folder, ignore_errors=True)
            fetch(pom, folder)
            stamp.touch()
    return folder


def fetch(pom: pathlib.Path, folder: pathlib.Path) -> None:
    if not shutil.which("mvn"):
        raise RuntimeError("mvn is missing: scripts/setup.sh test installs it (Debian: apt-get install maven)")
    command = ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", "-DincludeScope=runtime"]
    result = subprocess.run([*command, f"-DoutputDirectory={folder}"], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise RuntimeError(f"Maven could not fetch the jars of {pom.parent.name}:\n{result.stdout[-2000:]}{result.stderr[-2000:]}")

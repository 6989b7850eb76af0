"""Ports for servers that are started a moment later."""

import contextlib
import random
import socket

# Below the ports that the kernel gives to outgoing connections (32768 and up by default): a port from there that is free
# now may be a client's end of some connection before the server has started.
RANGE = range(12_000, 32_000)


def free_ports(count: int) -> list[int]:
    """Different ports of 127.0.0.1 that nobody listens on at present."""
    return free_ports_of_all(["127.0.0.1"], count)


def free_ports_of_all(hosts: list[str], count: int) -> list[int]:
    """Different ports that nobody listens on at any of the addresses."""
    with contextlib.ExitStack() as open_until_all_are_found:
        found: list[int] = []
        for port in random.sample(RANGE, len(RANGE)):
            with contextlib.suppress(OSError):
                for host in hosts:
                    probe = open_until_all_are_found.enter_context(socket.socket())
                    probe.bind((host, port))
                found.append(port)
            if len(found) == count:
                return found
    raise OSError(f"fewer than {count} of the ports {RANGE.start} to {RANGE.stop - 1} are free")


def free_port() -> int:
    return free_ports(1)[0]

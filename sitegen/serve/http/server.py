"""A socket that listens, and a thread for each connection."""

import errno
import socket
import sys
import threading
from collections.abc import Callable

from sitegen.errors import Problem, SiteError
from sitegen.serve.handler import Answers, Subscription
from sitegen.serve.http.allowed_hosts import hosts_for
from sitegen.serve.http.connection import Connection
from sitegen.serve.http.request import RequestError
from sitegen.serve.http.response import plain
from sitegen.serve.reload.events import Streams
from sitegen.serve.state import Live

MAX_PORTS_TRIED = 100
"""Number of ports that are tried, from the first one up."""
MAX_CONNECTIONS = 400
"""Maximum number of open connections, besides event streams; further ones are closed."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at a port, or the next free one after it; raise SiteError if there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in range(port, min(port + MAX_PORTS_TRIED, 65_536)) if port else (0,):
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            if sys.platform != "win32":  # there it would let two servers share a port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, number))
            listener.listen(256)
        except OSError as error:
            listener.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                message = f'cannot listen on "{host}": {error.strerror}'
                hint = "write an address of this machine after --host, such as 127.0.0.1, or 0.0.0.0 for all of them"
                raise SiteError([Problem("", 0, message, hint)]) from None
        else:
            return listener
    message = f"no port from {port} to {port + MAX_PORTS_TRIED - 1} is free"
    raise SiteError([Problem("", 0, message, "stop other programs, or choose another port with --port")])


class Server:
    """Holds the listening socket, its connections and the open pages; `log` gets a line for each bad request."""

    def __init__(self, listener: socket.socket, host: str, live: Live, log: Callable[[str], None]) -> None:
        self.listener, self.log = listener, log
        self.answers = Answers(live, hosts_for(host))
        self.streams = Streams(live)
        self._open: set[socket.socket] = set()
        self._ending = False
        self._thread = threading.Thread(target=self._accept, name="accept", daemon=True)

    def start(self) -> None:
        """Begin to answer, in threads."""
        self._thread.start()

    def close(self) -> None:
        """Close at once, including open connections."""
        self._ending = True
        for channel in (self.listener, *tuple(self._open)):
            try:
                channel.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the other side was faster
        self.listener.close()
        if self._thread.is_alive():
            self._thread.join(1)
        self.streams.close()

    def _accept(self) -> None:
        while not self._ending:
            try:
                channel, _ = self.listener.accept()
            except OSError as error:
                if self._ending or error.errno in (errno.EBADF, errno.EINVAL):
                    return
                threading.Event().wait(0.05)  # no descriptors are left: some will be
                continue
            if len(self._open) >= MAX_CONNECTIONS:
                channel.close()
                continue
            self._open.add(channel)
            threading.Thread(target=self._serve, args=(channel,), daemon=True).start()

    def _serve(self, channel: socket.socket) -> None:
        """Answer the requests of one connection until it ends."""
        taken = False
        try:
            taken = self._converse(Connection(channel))
        except OSError:
            pass  # the client has gone
        finally:
            self._open.discard(channel)
            if not taken:
                channel.close()

    def _converse(self, connection: Connection) -> bool:
        """Answer requests, one after the other; return whether the socket now belongs to the streams."""
        while not self._ending:
            try:
                request = connection.read()
                if request is None:
                    return False
                answer = self.answers.answer(request)
                if isinstance(answer, Subscription):
                    if self.streams.add(connection.channel, answer):
                        return True
                    raise RequestError("too many pages are open already", 503)
            except RequestError as error:
                self.log(f"{error.status} {error}")
                more = {"Allow": "GET, HEAD"} if error.status == 405 else {}
                connection.send(plain(error.status, str(error), **more), keep_alive=False)
                connection.close()
                return False
            connection.send(answer, keep_alive=request.keep_alive, body=request.method != "HEAD")
            if not request.keep_alive:
                connection.close()
                return False
        return False

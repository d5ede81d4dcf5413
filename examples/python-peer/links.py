"""The two transports of the web protocol (docs/web-protocol.md), with the standard library alone.

A link is opened with its first message (hello or resume) and calls `on_message(text)` for each message and
`on_closed(why)` once, from a thread of its own.
"""

import base64
import hashlib
import http.client
import json
import os
import queue
import socket
import ssl
import struct
import threading
import urllib.parse

TIMEOUT_S = 8
MAX_MESSAGE = 1024 * 1024


def open_link(transport, server, first, on_message, on_closed):
    link = (HttpLink if transport == "http" else WsLink)(server, first, on_message, on_closed)
    threading.Thread(target=link.run, daemon=True).start()
    return link


class Link:
    def __init__(self, server, first, on_message, on_closed):
        self.url = urllib.parse.urlsplit(server)
        self.first = first
        self.on_message = on_message
        self.on_closed = on_closed
        self.over = threading.Event()

    def run(self):
        try:
            self.work()
            self.end("closed by the server")
        except Exception as error:  # whatever the network does ends the link, not the program
            self.end(str(error) or type(error).__name__)

    def end(self, why):
        if not self.over.is_set():
            self.over.set()
            self.cut()
            self.on_closed(why)


class HttpLink(Link):
    """POST /signal/open, a stream of server-sent events one way, a POST for each message the other way."""

    def __init__(self, *args):
        super().__init__(*args)
        self.outgoing = queue.Queue()
        self.stream = None
        self.headers = {"Content-Type": "text/plain; charset=utf-8"}

    def connect(self, timeout):
        kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        return kind(self.url.hostname, self.url.port, timeout=timeout)

    def work(self):
        connection = self.connect(TIMEOUT_S)
        connection.request("POST", "/signal/open", self.first.encode(), self.headers)
        response = connection.getresponse()
        welcome = response.read(MAX_MESSAGE).decode()
        connection.close()
        if response.status != 200:
            if response.status == 400:
                self.on_message(welcome)
            raise OSError(f"refused with status {response.status}")
        head = json.loads(welcome)
        self.headers["Authorization"] = f"Bearer {head['session']}.{head['secret']}"
        # Without a limit: nothing may be said for a long time.
        self.stream = self.connect(None)
        self.stream.request("GET", "/signal/events", headers=self.headers)
        events = self.stream.getresponse()
        if events.status != 200:
            raise OSError(f"no events: status {events.status}")
        threading.Thread(target=self.post, daemon=True).start()
        self.on_message(welcome)
        for line in events:
            if self.over.is_set():
                return
            if line.startswith(b"data:"):
                self.on_message(json.loads(line[5:]))

    def post(self):
        connection = self.connect(TIMEOUT_S)
        while True:
            text = self.outgoing.get()
            if text is None:
                return
            if isinstance(text, threading.Event):
                text.set()
                continue
            try:
                connection.request("POST", "/signal/send", text.encode(), self.headers)
                response = connection.getresponse()
                response.read()
                if response.status >= 300:
                    raise OSError(f"sending was refused with status {response.status}")
            except Exception as error:
                self.end(str(error))
                return

    def send(self, text):
        self.outgoing.put(text)

    def flush(self):
        """Waits until what was sent is out."""
        out = threading.Event()
        self.outgoing.put(out)
        while not self.over.is_set() and not out.wait(0.05):
            pass

    def cut(self):
        self.over.set()
        if self.stream is not None and self.stream.sock is not None:
            try:
                self.stream.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.outgoing.put(None)


class WsLink(Link):
    """RFC 6455, as much as a client of small text messages needs."""

    MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    def __init__(self, *args):
        super().__init__(*args)
        self.socket = None
        self.writing = threading.Lock()

    def work(self):
        secure = self.url.scheme == "https"
        port = self.url.port or (443 if secure else 80)
        self.socket = socket.create_connection((self.url.hostname, port), TIMEOUT_S)
        if secure:
            self.socket = ssl.create_default_context().wrap_socket(
                self.socket, server_hostname=self.url.hostname
            )
        key = base64.b64encode(os.urandom(16))
        self.socket.sendall(
            b"GET /signal/ws HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n"
            % (self.url.hostname.encode(), port, key)
        )
        reader = self.socket.makefile("rb")
        status = reader.readline(1024)
        accept = None
        for line in iter(lambda: reader.readline(8192).strip(), b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"sec-websocket-accept":
                accept = value.strip()
        if b" 101 " not in status:
            raise OSError(f"no WebSocket: {status.decode(errors='replace').strip()}")
        if accept != base64.b64encode(hashlib.sha1(key + self.MAGIC).digest()):
            raise OSError("the server did not prove that it speaks WebSocket (RFC 6455 section 4.1)")
        self.socket.settimeout(None)
        self.send(self.first)
        self.read(reader)

    def read(self, reader):
        message = b""
        while True:
            first, second = self.exactly(reader, 2)
            length = second & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", self.exactly(reader, 2))
            elif length == 127:
                (length,) = struct.unpack("!Q", self.exactly(reader, 8))
            if length + len(message) > MAX_MESSAGE:
                raise OSError("a message of more than a megabyte")
            payload = self.exactly(reader, length)
            opcode = first & 0x0F
            if opcode == 8:
                return
            if opcode == 9:
                self.frame(10, payload)
            elif opcode in (0, 1):
                message += payload
                if first & 0x80:
                    self.on_message(message.decode())
                    message = b""

    @staticmethod
    def exactly(reader, count):
        data = reader.read(count)
        if len(data) < count:
            raise OSError("the connection was lost")
        return data

    def frame(self, opcode, payload):
        mask = os.urandom(4)
        length = len(payload)
        if length < 126:
            head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
        elif length < 65536:
            head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
        else:
            head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, length)
        masked = bytes(byte ^ mask[at & 3] for at, byte in enumerate(payload))
        with self.writing:
            self.socket.sendall(head + mask + masked)

    def send(self, text):
        try:
            self.frame(1, text.encode())
        except OSError as error:
            self.end(str(error))

    def flush(self):
        """What was sent is with the system already."""

    def cut(self):
        self.over.set()
        if self.socket is not None:
            try:
                self.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

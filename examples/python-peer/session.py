"""A session of the web protocol: numbers, acknowledgements. It is not resumed: a lost connection ends it."""

import json
import threading

from links import open_link

ACKNOWLEDGE_AFTER = 16
PING_S = 15


class Session:
    def __init__(self, transport, server, on_message, on_lost):
        self.on_message = on_message
        self.on_lost = on_lost
        self.lock = threading.RLock()
        self.welcomed = False
        self.ended = False
        self.sent = 0
        self.received = 0
        self.acknowledged = 0
        self.waiting = []
        hello = json.dumps({"type": "hello", "version": 1, "client": "crosspoint python peer"})
        self.link = open_link(transport, server, hello, self.take, self.closed)

    def send(self, head, sdp=None):
        """Numbers a message and sends it; before the welcome it waits."""
        with self.lock:
            self.sent += 1
            self.acknowledged = self.received
            line = json.dumps({**head, "seq": self.sent, "ack": self.received})
            text = line if sdp is None else f"{line}\n{sdp}"
            if self.welcomed:
                self.link.send(text)
            else:
                self.waiting.append(text)

    def take(self, text):
        line, feed, sdp = text.partition("\n")
        head = json.loads(line)
        with self.lock:
            if head["type"] == "welcome":
                self.welcomed = True
                for message in self.waiting:
                    self.link.send(message)
                self.waiting = []
                self.ping()
                return
            if head["type"] in ("ack", "pong"):
                return
            if "seq" in head:
                if head["seq"] <= self.received:
                    return
                if head["seq"] != self.received + 1:
                    self.link.end(f"message {head['seq']} came after {self.received}")
                    return
                self.received = head["seq"]
        self.on_message(head, sdp if feed else None)
        with self.lock:
            if self.received - self.acknowledged >= ACKNOWLEDGE_AFTER:
                self.acknowledged = self.received
                self.link.send(json.dumps({"type": "ack", "received": self.received}))

    def ping(self):
        if self.ended:
            return
        self.link.send('{"type":"ping"}')
        timer = threading.Timer(PING_S, self.ping)
        timer.daemon = True
        timer.start()

    def closed(self, why):
        if not self.ended:
            self.ended = True
            self.on_lost(why)

    def leave(self):
        """Gives the name back and ends the session."""
        if self.welcomed and not self.ended:
            self.send({"type": "leave"})
            self.link.flush()
        self.ended = True
        self.link.cut()

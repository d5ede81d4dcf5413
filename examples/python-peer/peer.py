"""A peer for the lab that signals for real and has no media: it rings, takes, refuses and cancels calls.

JSON lines on standard input and output, as docs/adding-a-peer.md tells. Python 3, standard library alone.
"""

import json
import sys
import threading
import time

from descriptions import answer, offer
from session import Session

FEATURES = ("call", "answer", "decline", "one-call", "transport:ws", "transport:http")
REGISTER_S = 9


class Unsupported(Exception):
    pass


class Peer:
    def __init__(self):
        self.saying = threading.Lock()
        self.lock = threading.RLock()
        self.session = None
        self.server = self.name = ""
        # With these a name that was ours is ours again.
        self.tokens = {}
        self.call_id = None
        self.phase = None
        self.offered = ""
        self.calls = 0
        self.registered = threading.Event()
        self.refusal = None

    # What it says.

    def say(self, line):
        with self.saying:
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()

    def tell(self, event, **more):
        self.say({"event": event, "at": time.time() * 1000, **more})

    # What the lab asks.

    def run(self, command, asked):
        commands = {
            "probe": self.probe,
            "open": self.open,
            "call": self.call,
            "accept": self.accept,
            "decline": lambda _: self.refuse("declined"),
            "busy": lambda _: self.refuse("busy"),
            "hang-up": self.hang_up,
            "close": self.close,
        }
        if command not in commands:
            raise Unsupported(f"no {command}: this peer has signaling and no media")
        return commands[command](asked) or {}

    def probe(self, asked):
        if asked.get("feature") not in FEATURES:
            raise Unsupported(f"no {asked.get('feature')}: this peer has signaling and no media")

    def open(self, asked):
        if asked.get("relayOnly"):
            raise Unsupported("no relay: this peer has no media")
        self.close(asked)
        self.registered.clear()
        self.refusal = None
        self.server, self.name = asked["url"], asked["name"]
        self.session = Session(asked["transport"], asked["url"], self.message, self.lost)
        known = self.tokens.get((asked["url"], self.name))
        token = {} if known is None else {"token": known}
        self.session.send({"type": "register", "name": self.name, **token})
        if not self.registered.wait(REGISTER_S):
            self.refusal = "the web server did not register us in time"
        if self.refusal is not None:
            self.session.leave()
            self.session = None
            raise RuntimeError(self.refusal)

    def call(self, asked):
        with self.lock:
            if self.session is None:
                raise RuntimeError("not open")
            if self.call_id is not None:
                raise RuntimeError("a call is up")
            self.calls += 1
            self.call_id, self.phase = f"p{self.calls}", "calling"
            self.session.send({"type": "call", "call": self.call_id, "to": asked["to"]}, offer())

    def accept(self, _):
        with self.lock:
            if self.phase != "incoming":
                raise RuntimeError("no call rings")
            if self.offered is None:
                # Called without an offer: make-offer is not among its capabilities.
                return self.end("not-acceptable")
            self.session.send({"type": "accept", "call": self.call_id}, answer(self.offered))
            self.phase = "connected"
            self.tell("connected")

    def refuse(self, code):
        if self.phase != "incoming":
            raise RuntimeError("no call rings")
        self.end(code)

    def hang_up(self, _):
        if self.call_id is None:
            raise RuntimeError("there is no call")
        self.end({"calling": "cancelled", "incoming": "declined"}.get(self.phase, "normal"))

    def end(self, code):
        with self.lock:
            self.session.send({"type": "end", "call": self.call_id, "reason": {"code": code}})
            self.over({"code": code})

    def over(self, reason):
        self.call_id = self.phase = None
        self.tell("ended", reason=reason)

    def close(self, _):
        if self.session is None:
            return
        if self.call_id is not None:
            self.hang_up(_)
        self.session.leave()
        self.session = None

    # What the web server says.

    def lost(self, why):
        self.refusal = self.refusal or f"no connection to the web server: {why}"
        self.registered.set()
        self.tell("signaling", state="lost", words=why)
        if self.call_id is not None:
            self.over({"code": "unavailable", "text": why})

    def message(self, head, sdp):
        with self.lock:
            kind, call = head["type"], head.get("call")
            if kind == "registered":
                self.tokens[(self.server, head["name"])] = head["token"]
                self.registered.set()
                self.tell("signaling", state="open")
            elif kind == "incoming":
                self.incoming(head, sdp)
            elif kind == "error" and (call is None or call != self.call_id):
                self.refusal = f"{head['code']}: {head['text']}"
                self.registered.set()
                self.tell("trouble", words=self.refusal)
            elif call is not None and call == self.call_id:
                self.in_call(kind, head)

    def incoming(self, head, sdp):
        if self.call_id is not None:
            self.session.send({"type": "end", "call": head["call"], "reason": {"code": "busy"}})
            return
        self.call_id, self.phase, self.offered = head["call"], "incoming", sdp
        self.tell("incoming", **{"from": head["from"]})
        self.session.send({"type": "ringing", "call": self.call_id})

    def in_call(self, kind, head):
        if kind == "ringing":
            self.tell("ringing")
        elif kind == "answer" and self.phase == "calling":
            self.tell("early")
        elif kind == "accept":
            self.phase = "connected"
            self.tell("connected")
        elif kind == "offer":
            words = "a peer without media cannot change it"
            self.session.send({"type": "refuse", "call": self.call_id, "why": "not-acceptable", "text": words})
        elif kind == "end":
            self.over(head["reason"])
        elif kind == "error":
            self.tell("trouble", words=f"{head['code']}: {head['text']}")
            if self.phase != "connected":
                self.end("protocol-error")


def main():
    peer = Peer()
    peer.tell("ready")
    for line in sys.stdin:
        asked = json.loads(line)
        number, command = asked.get("id"), asked.get("command")
        try:
            if command == "quit":
                peer.close(asked)
                peer.say({"id": number, "ok": True, "result": {}})
                return
            peer.say({"id": number, "ok": True, "result": peer.run(command, asked)})
        except Unsupported as why:
            peer.say({"id": number, "ok": False, "unsupported": True, "why": str(why)})
        except Exception as error:  # in words, and the program lives on
            peer.say({"id": number, "ok": False, "error": str(error) or type(error).__name__})


if __name__ == "__main__":
    main()

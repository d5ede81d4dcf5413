"""Descriptions that are valid WebRTC SDP and lead nowhere: there is no media engine behind them."""

import secrets

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def transport(setup):
    """ICE credentials and a fingerprint, as random as real ones (RFC 8445 section 5.3)."""
    fingerprint = ":".join(f"{byte:02X}" for byte in secrets.token_bytes(32))
    return [
        "a=ice-ufrag:" + "".join(secrets.choice(ALPHABET) for _ in range(8)),
        "a=ice-pwd:" + "".join(secrets.choice(ALPHABET) for _ in range(24)),
        "a=fingerprint:sha-256 " + fingerprint,
        f"a=setup:{setup}",
    ]


def head(mids):
    return [
        "v=0",
        f"o=- {secrets.randbits(50)} 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE " + " ".join(mids),
        "a=ice-options:trickle",
    ]


def offer():
    """G.711 audio and a data channel."""
    lines = head(["0", "1"]) + [
        "m=audio 9 UDP/TLS/RTP/SAVPF 0 8",
        "c=IN IP4 0.0.0.0",
        "a=mid:0",
        "a=sendrecv",
        "a=rtcp-mux",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:8 PCMA/8000",
        *transport("actpass"),
    ]
    lines += [
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 0.0.0.0",
        "a=mid:1",
        "a=sctp-port:5000",
        "a=max-message-size:262144",
        *[line for line in lines if line.startswith(("a=ice-ufrag", "a=ice-pwd", "a=fingerprint", "a=setup"))],
    ]
    return "\r\n".join(lines) + "\r\n"


def answer(offered):
    """Takes every m-section, inactive: the call is up, and nothing flows."""
    sections = []
    for line in offered.splitlines():
        if line.startswith("m="):
            sections.append([])
        if sections:
            sections[-1].append(line)
    mids = [line[6:] for section in sections for line in section if line.startswith("a=mid:")]
    lines = head(mids)
    own = transport("active")
    for section in sections:
        kind, _, protocol, *formats = section[0][2:].split(" ")
        lines += [f"m={kind} 9 {protocol} {' '.join(formats)}", "c=IN IP4 0.0.0.0"]
        lines += [line for line in section if line.startswith(("a=mid:", "a=rtpmap:", "a=fmtp:", "a=sctp-port:"))]
        if kind in ("audio", "video"):
            lines += ["a=inactive", "a=rtcp-mux"]
        lines += own
    return "\r\n".join(lines) + "\r\n"

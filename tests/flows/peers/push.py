"""Reads posts as a browser does: decrypts them, checks who signed them, and that each is a declarative push message.

stdin: {"posts": [{"body": base64, "authorization": header}], "private", "auth", "key": base64url, "origin"}
stdout: [{"message": JSON, "claims": JSON, "size": bytes}]
"""

import base64
import json
import sys

import http_ece
import jsonschema
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

# The members of a declarative push message (W3C Push API, "declarative push message"), and ours beside them.
DECLARATIVE = {
    "type": "object",
    "required": ["web_push", "notification", "mutable", "porchlight"],
    "additionalProperties": False,
    "properties": {
        "web_push": {"const": 8030},
        "mutable": {"type": "boolean"},
        "app_badge": {"type": "integer", "minimum": 0, "maximum": 2**64 - 1},
        "notification": {
            "type": "object",
            "required": ["title", "navigate"],
            "additionalProperties": False,
            "properties": {
                "title": {"type": "string", "minLength": 1},
                "navigate": {"type": "string", "pattern": "^https?://"},
                "body": {"type": "string"},
                "lang": {"type": "string"},
                "dir": {"enum": ["auto", "ltr", "rtl"]},
                "tag": {"type": "string"},
                "renotify": {"type": "boolean"},
                "silent": {"type": "boolean"},
                "data": {"type": "object"},
            },
        },
        "porchlight": {
            "type": "object",
            "required": ["person", "kind"],
            "additionalProperties": False,
            "properties": {
                "person": {"type": "string"},
                "kind": {"enum": ["message", "internal", "test", "escalation", "mention"]},
                "conversation": {"type": "string"},
                "message": {"type": "string"},
                "seq": {"type": "integer", "minimum": 1},
                "counted": {"const": False},
            },
        },
    },
}

asked = json.load(sys.stdin)


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


private = ec.derive_private_key(int.from_bytes(decoded(asked["private"]), "big"), ec.SECP256R1())


def read(post):
    body = base64.b64decode(post["body"])
    header = post["authorization"]
    assert Vapid02.verify(header), "the signature is not by the key that it names"
    fields = dict(field.strip().split("=", 1) for field in header.removeprefix("vapid ").split(","))
    assert fields["k"] == asked["key"], "it is another key than the browser subscribed with"
    claims = json.loads(decoded(fields["t"].split(".")[1]))
    assert claims["aud"] == asked["origin"], claims
    text = http_ece.decrypt(body, private_key=private, auth_secret=decoded(asked["auth"]), version="aes128gcm")
    message = json.loads(text)
    jsonschema.validate(message, DECLARATIVE)
    return {"message": message, "claims": claims, "size": len(body)}


json.dump([read(post) for post in asked["posts"]], sys.stdout)

"""Signs webhooks with Twilio's own library and posts them, as Twilio would and as a forger might.

stdin: {"url": public address of the webhook, "post_to": where it listens, "token": auth token, "params": {…}}
stdout: {"accepted": status, "forged": {variant: status}}
"""

import hashlib
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

from twilio.request_validator import RequestValidator

asked = json.load(sys.stdin)
validator = RequestValidator(asked["token"])
url, params = asked["url"], asked["params"]


class Repeated(dict):
    """Fields as a web framework has them, whose names may come several times."""

    def getlist(self, name):
        return self[name] if isinstance(self[name], list) else [self[name]]


def post(body, headers, address=None):
    request = urllib.request.Request(address or asked["post_to"], data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def form(fields, signature):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if signature is not None:
        headers["X-Twilio-Signature"] = signature
    return post(urllib.parse.urlencode(fields, doseq=True).encode(), headers)


def sid(fields, suffix):
    return {**fields, "MessageSid": fields["MessageSid"][:-2] + suffix, "Body": "forged"}


accepted = {
    "plain": form(params, validator.compute_signature(url, params)),
}
repeated = {**sid(params, "a1"), "Body": "repeated keys", "Extra": ["b", "a", "b"], "Unheard": ""}
accepted["repeated keys, unknown and empty fields"] = form(
    repeated, validator.compute_signature(url, Repeated(repeated))
)

with_port = urllib.parse.urlsplit(url)
port = with_port.port or {"https": 443, "http": 80}[with_port.scheme]
ported = with_port._replace(netloc=f"{with_port.hostname}:{port}").geturl()
fields = {**sid(params, "a2"), "Body": "with the port"}
accepted["signed with the port"] = form(fields, validator.compute_signature(ported, fields))

forged = {}
fields = sid(params, "f1")
forged["no signature"] = form(fields, None)
forged["empty signature"] = form(fields, "")
forged["another token"] = form(fields, RequestValidator("another").compute_signature(url, fields))
forged["a changed body"] = form({**fields, "Body": "changed"}, validator.compute_signature(url, fields))
forged["an added field"] = form({**fields, "Added": "1"}, validator.compute_signature(url, fields))
forged["a removed field"] = form(fields, validator.compute_signature(url, {**fields, "Gone": "1"}))
forged["another address"] = form(fields, validator.compute_signature(url + "/", fields))
forged["another business"] = form(fields, validator.compute_signature(url.replace("/twilio/", "/twilio/X"), fields))
forged["another host"] = form(fields, validator.compute_signature("https://evil.example/" + url.split("/", 3)[3], fields))

body = json.dumps(fields).encode()
digest = hashlib.sha256(body).hexdigest()
json_url = f"{url}?bodySHA256={digest}"
good = validator.compute_signature(json_url, {})
headers = {"Content-Type": "application/json", "X-Twilio-Signature": good}
forged["JSON with another body"] = post(
    body.replace(b"forged", b"foRged"), headers, f"{asked['post_to']}?bodySHA256={digest}"
)
json.dump({"accepted": accepted, "forged": forged}, sys.stdout)

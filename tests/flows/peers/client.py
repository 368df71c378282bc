"""Drives a Twilio with Twilio's own client: create, fetch, list, and the errors it knows.

stdin: {"base_url", "account_sid", "auth_token", "from", "to"}
stdout: what was seen, as JSON
"""

import json
import sys

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

asked = json.load(sys.stdin)


class Redirected(TwilioHttpClient):
    """Twilio's own HTTP client, sent to another address."""

    def request(self, method, url, *args, **kwargs):
        return super().request(method, url.replace("https://api.twilio.com", asked["base_url"]), *args, **kwargs)


def client(token):
    return Client(asked["account_sid"], token, http_client=Redirected())


def code_of(act):
    try:
        act()
    except TwilioRestException as refused:
        return [refused.status, refused.code]
    return None


twilio = client(asked["auth_token"])
made = twilio.messages.create(to=asked["to"], from_=asked["from"], body="from the official client")
fetched = twilio.messages(made.sid).fetch()
listed = [message.sid for message in twilio.messages.list(to=asked["to"], from_=asked["from"], limit=50)]
json.dump(
    {
        "sid": made.sid,
        "first_status": made.status,
        "direction": made.direction,
        "created": made.date_created.isoformat(),
        "fetched_body": fetched.body,
        "listed": made.sid in listed,
        "wrong_token": code_of(lambda: client("wrong").messages(made.sid).fetch()),
        "no_body": code_of(lambda: twilio.messages.create(to=asked["to"], from_=asked["from"])),
        "bad_number": code_of(lambda: twilio.messages.create(to="12", from_=asked["from"], body="x")),
        "too_long": code_of(lambda: twilio.messages.create(to=asked["to"], from_=asked["from"], body="x" * 1601)),
        "unknown_sid": code_of(lambda: twilio.messages("SM" + "0" * 32).fetch()),
    },
    sys.stdout,
)

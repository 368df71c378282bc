"""What botocore makes of the same upload, at the same instant: the fields as pairs."""

import contextlib
import datetime
import json
import sys
import types
from unittest import mock

import botocore.auth
import botocore.session
import botocore.signers

NOW = datetime.datetime(2026, 11, 29, 21, 0, 0, 500000)


class Still(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return NOW


def still(module):
    """Stops the clock of a module: its versions read it in one of two ways."""
    if hasattr(module, "get_current_datetime"):
        return mock.patch.object(module, "get_current_datetime", lambda *_: NOW)
    clock = types.SimpleNamespace(datetime=Still, timedelta=datetime.timedelta)
    return mock.patch.object(module, "datetime", clock)


kind, token = sys.argv[1:]
session = botocore.session.get_session()
session.set_credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+x", token or None)
s3 = session.create_client("s3", region_name="us-east-2")
with contextlib.ExitStack() as stack:
    for module in (botocore.auth, botocore.signers):
        stack.enter_context(still(module))
    form = s3.generate_presigned_post(
        "harbor-files",
        "uploads/b/01JD",
        Fields={"Content-Type": kind},
        Conditions=[{"Content-Type": kind}, ["content-length-range", 1, 26214400]],
        ExpiresIn=900,
    )
print(json.dumps(list(form["fields"].items())))

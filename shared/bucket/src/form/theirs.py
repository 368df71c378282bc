"""What botocore makes of the same upload, at the same instant: the fields as pairs."""

import datetime
import json
import sys
from unittest import mock

import botocore.auth
import botocore.session
import botocore.signers

kind, token = sys.argv[1:]
session = botocore.session.get_session()
session.set_credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+x", token or None)
s3 = session.create_client("s3", region_name="us-east-2")
now = datetime.datetime(2026, 11, 29, 21, 0, 0, 500000)
with (
    mock.patch.object(botocore.auth, "get_current_datetime", lambda: now),
    mock.patch.object(botocore.signers, "get_current_datetime", lambda: now),
):
    form = s3.generate_presigned_post(
        "harbor-files",
        "uploads/b/01JD",
        Fields={"Content-Type": kind},
        Conditions=[{"Content-Type": kind}, ["content-length-range", 1, 26214400]],
        ExpiresIn=900,
    )
print(json.dumps(list(form["fields"].items())))

"""moto's SNS on loopback, with platform applications of Apple and Google, until its input ends.

stdout: a line of JSON {"url", "apns", "fcm"}; then, for each line of input, a line of JSON
stdin: "told": everything that was published so far, [{"arn", "message", "attributes", "structure"}], and the endpoints,
       {arn: {attribute: value}}; "disable ARN", "delete ARN": null, once it is done
"""

import inspect
import json
import logging
import os
import sys
import warnings

os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
logging.disable(logging.ERROR)
warnings.simplefilter("ignore")

import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402
from moto.sns.models import SNSBackend, sns_backends  # noqa: E402

PUBLISHED = []
PUBLISH = SNSBackend.publish


def publish(self, *args, **kwargs):
    """As moto does, and what it was asked is kept: it keeps no attributes of mobile pushes."""
    answer = PUBLISH(self, *args, **kwargs)
    asked = inspect.signature(PUBLISH).bind(self, *args, **kwargs).arguments
    attributes = {name: it["Value"] for name, it in (asked.get("message_attributes") or {}).items()}
    structure = asked.get("message_structure")
    PUBLISHED.append({"arn": asked.get("arn"), "message": asked["message"], "attributes": attributes, "structure": structure})
    return answer


SNSBackend.publish = publish


def answer(sns, line):
    match line.split():
        case ["told"]:
            ends = sns_backends["123456789012"]["us-east-1"].platform_endpoints
            return {"published": PUBLISHED, "endpoints": {arn: it.attributes for arn, it in ends.items()}}
        case ["disable", arn]:
            sns.set_endpoint_attributes(EndpointArn=arn, Attributes={"Enabled": "false"})
        case ["delete", arn]:
            sns.delete_endpoint(EndpointArn=arn)


def main():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    url = "http://%s:%s" % server.get_host_and_port()
    sns = boto3.client("sns", endpoint_url=url)

    def application(platform):
        made = sns.create_platform_application(Name="porchlight", Platform=platform, Attributes={})
        return made["PlatformApplicationArn"]

    print(json.dumps({"url": url, "apns": application("APNS"), "fcm": application("GCM")}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(sns, line)), flush=True)


main()

"""moto's DynamoDB on loopback, until its input ends.

stdin: a line for each time that it begins anew: a JSON list of CreateTable requests
stdout: a line with its address; then, for each line of input, an empty one as soon as it has these tables and no others
"""

import json
import logging
import os
import sys
import warnings

os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
# What it cannot answer it answers with a status; the test sees that.
logging.disable(logging.ERROR)
warnings.simplefilter("ignore")

import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402


def main():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://%s:%s" % server.get_host_and_port()
    tables = boto3.client("dynamodb", endpoint_url=address)
    print(address, flush=True)
    for line in sys.stdin:
        for name in tables.list_tables()["TableNames"]:
            tables.delete_table(TableName=name)
        for request in json.loads(line):
            tables.create_table(**request)
        print(flush=True)


main()

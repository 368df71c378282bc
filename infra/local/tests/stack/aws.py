"""An AWS of its own: moto with stacks made from the templates, until its input ends.

argv: the folder of the templates
stdout: a line with its address; then, for each line of input, everything that it keeps, as one line of JSON:
        {"items": {table: [item, …]}, "secrets": {parameter: {"type", "value"}}}

Stacks: harbor-data and harbor-app, staging-data.
"""

import json
import logging
import os
import sys
import warnings
from pathlib import Path

os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
# What moto cannot make it leaves out, and warns.
logging.disable(logging.ERROR)
warnings.simplefilter("ignore")

import boto3  # noqa: E402
from boto3.dynamodb.types import TypeDeserializer  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402


def app(template):
    """app.yaml, of which moto can make the topic."""
    document = yaml_parse(template)
    del document["Transform"], document["Globals"]
    document["Resources"] = {"Alarms": document["Resources"]["Alarms"]}
    document["Outputs"]["ApiDomain"]["Value"] = "abc.execute-api.us-east-1.amazonaws.com"
    return json.dumps(document)


def make_stacks(folder, cloud):
    data = (folder / "data.yaml").read_text()
    address = [{"ParameterKey": "PublicUrl", "ParameterValue": "https://inbox.harbor.example"}]
    for name in ["harbor-data", "staging-data"]:
        cloud.create_stack(StackName=name, TemplateBody=data, Parameters=address)
    given = {
        "DataStack": "harbor-data",
        "PublicUrl": "https://inbox.harbor.example",
        "AlarmEmail": "ops@harbor.example",
        "OriginSecrets": "a-secret-that-only-cloudfront-knows",
    }
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
    cloud.create_stack(
        StackName="harbor-app", TemplateBody=app((folder / "app.yaml").read_text()), Parameters=parameters
    )


def everything(tables, secrets):
    plain = TypeDeserializer().deserialize
    items = {
        table: [
            {key: plain(value) for key, value in item.items()}
            for item in tables.scan(TableName=table, ConsistentRead=True)["Items"]
        ]
        for table in tables.list_tables()["TableNames"]
    }
    kept = secrets.get_parameters_by_path(Path="/", Recursive=True, WithDecryption=True)["Parameters"]
    return {"items": items, "secrets": {it["Name"]: {"type": it["Type"], "value": it["Value"]} for it in kept}}


def main():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://%s:%s" % server.get_host_and_port()
    cloud, tables, secrets = (
        boto3.client(service, endpoint_url=address) for service in ["cloudformation", "dynamodb", "ssm"]
    )
    make_stacks(Path(sys.argv[1]), cloud)
    print(address, flush=True)
    for _ in sys.stdin:
        print(json.dumps(everything(tables, secrets), default=str), flush=True)


main()

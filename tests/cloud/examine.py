"""Looks through CloudFormation templates with tools that we did not write.

usage: examine.py FOLDER...

Every FOLDER holds data.yaml, app.yaml and edge.yaml. Each is written beside itself as the JSON that CloudFormation
would be given, transformed by aws-sam-translator where it is a SAM template; cfn-lint and checkov then read that.
What they find is printed as one JSON list: folder, template, resource, rule, message.
"""

import json
import logging
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
logging.disable(logging.ERROR)


def transform(folder):
    """Writes the templates of a folder as JSON; what the transformation refuses is found."""
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator
    from samtranslator.yaml_helper import yaml_parse

    found = []
    for source in sorted(folder.glob("*.yaml")):
        document = yaml_parse(source.read_text())
        if "Transform" in document:
            for resource in document["Resources"].values():
                # `sam package` puts the code into a bucket, and its address here.
                if resource["Type"] == "AWS::Serverless::Function":
                    resource["Properties"]["CodeUri"] = "s3://bucket/code"
            try:
                document = Translator({}, Parser()).translate(document, parameter_values={})
            except InvalidDocumentException as refused:
                found += [
                    finding(folder, source.stem, getattr(cause, "_logical_id", ""), "SAM", cause.message)
                    for cause in refused.causes
                ]
                continue
        source.with_suffix(".json").write_text(json.dumps(document, indent=1))
    return found


def lint(folders):
    """What cfn-lint finds."""
    from cfnlint.api import lint_file
    from cfnlint.config import ManualArgs

    found = []
    for template in templates(folders):
        for match in lint_file(template, config=ManualArgs(regions=["us-east-1"])):
            path = match.path or []
            resource = path[1] if len(path) > 1 and path[0] == "Resources" else "/".join(map(str, path[:2]))
            found.append(finding(template.parent, template.stem, resource, match.rule.id, match.message))
    return found


def check(folders):
    """What checkov finds."""
    from checkov.cloudformation.runner import Runner
    from checkov.runner_filter import RunnerFilter

    files = [str(template) for template in templates(folders)]
    report = Runner().run(None, files=files, runner_filter=RunnerFilter(framework=["cloudformation"]))
    return [
        finding(
            Path(record.file_abs_path).parent,
            Path(record.file_abs_path).stem,
            record.resource.rsplit(".", 1)[-1],
            record.check_id,
            record.check_name,
        )
        for record in report.failed_checks
    ]


def templates(folders):
    return [template for folder in folders for template in sorted(folder.glob("*.json"))]


def finding(folder, template, resource, rule, message):
    return {
        "folder": folder.name,
        "template": template,
        # cfn-lint's texts know their place in the file, and cannot leave the process.
        "resource": str(resource),
        "rule": rule,
        "message": str(message),
    }


def main():
    folders = [Path(folder).resolve() for folder in sys.argv[1:]]
    found = [one for folder in folders for one in transform(folder)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        for more in pool.map(run, ["lint", "check"], [folders] * 2):
            found += more
    json.dump(found, sys.stdout)


def run(name, folders):
    return {"lint": lint, "check": check}[name](folders)


if __name__ == "__main__":
    main()

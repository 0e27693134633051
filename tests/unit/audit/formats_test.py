"""Both encodings of the audit log against what others say they are: the records against docs/audit.schema.json, the OTLP
lines against the real opentelemetry-proto and the stricter rules of OTLP/JSON.

formats_test.py --binary SAFE_DOCKER --schema SCHEMA     (needs the PyPI packages opentelemetry-proto and jsonschema)
"""

import argparse
import base64
import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
    from google.protobuf import json_format
    from opentelemetry.proto.logs.v1 import logs_pb2
except ImportError as error:
    print(f"{error}: pip install opentelemetry-proto jsonschema")
    sys.exit(1 if os.environ.get("CI") else 77)

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
COMMANDS = (
    "docker ps",
    "docker run --rm -v /etc:/x:ro --privileged alpine:3@sha256:" + "a" * 64,
    "docker run --gpus all --cap-add SYS_ADMIN --pid host localhost:5000/team/app:1.2",
    "docker run -e DB_PASSWORD=hunter2 -v $UNKNOWN:/x postgres",
    "docker compose -f nowhere.yaml up",
    "docker run alpine echo 'a\nb\"c\\' $'\\e[31m' \u2028 \U0001f600",
    "docker volume rm data; docker system prune -af --volumes",
    "docker run " + "-v /etc:/x " * 100 + "alpine " + "x" * 100000,
    "docker run alpine " + "\x01" * 30000,
    "for i in 1 2; do docker run -v \"$i:/x\" alpine; done",
)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--schema", required=True, type=pathlib.Path)
    return parser.parse_args()


def write_logs(home, extra=""):
    """The lines of both logs after all commands."""
    config = home / ".config/safe-docker/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[audit]\nenabled = true\nformat = "both"\n{extra}', encoding="utf-8")
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TRACEPARENT": f"00-{TRACE}-{SPAN}-01"}
    for command in COMMANDS:
        call = {"session_id": "s-1", "cwd": str(home), "hook_event_name": "PreToolUse", "tool_name": "Bash",
                "tool_input": {"command": command}}
        subprocess.run([ARGUMENTS.binary, "hook"], input=json.dumps(call).encode(), env=environment, check=True,
                       capture_output=True)
    folder = home / ".local/share/safe-docker"
    return [(folder / name).read_text(encoding="utf-8").split("\n")[:-1] for name in ("audit.jsonl", "audit-otlp.jsonl")]


class FormatTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="formats")
        cls.native, cls.otlp = write_logs(pathlib.Path(cls.folder.name))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()


class Native(FormatTest):
    def setUp(self):
        schema = json.loads(ARGUMENTS.schema.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema)

    def test_records_fit_the_schema(self):
        self.assertEqual(len(self.native), len(COMMANDS))
        for line in self.native:
            self.validator.validate(json.loads(line))

    def test_the_schema_refuses(self):
        for change in ({"v": 2}, {"decision": "maybe"}, {"surprise": 1}, {"seq": 1}, {"time": "yesterday"}):
            record = {**json.loads(self.native[0]), **change}
            self.assertFalse(self.validator.is_valid(record), change)

    def test_lines_are_short_enough(self):
        for line in [*self.native, *self.otlp]:
            self.assertLess(len(line.encode()), 64 * 1024)

    def test_members_come_in_their_order(self):
        order = list(json.loads(ARGUMENTS.schema.read_text(encoding="utf-8"))["then"]["properties"])
        for line in self.native:
            keys = list(json.loads(line))
            self.assertEqual(keys[:5], ["v", "id", "time", "timestamp_unix_nano", "event"])
            self.assertEqual([key for key in keys if key in order and key not in ("truncated",)],
                             [key for key in order if key in keys and key not in ("truncated",)])


class Otlp(FormatTest):
    def records(self):
        for line in self.otlp:
            data = json.loads(line)
            yield data, data["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]

    def test_the_real_messages_take_it(self):
        self.assertEqual(len(self.otlp), len(COMMANDS))
        for data, record in self.records():
            self.assertEqual((record["traceId"], record["spanId"], record["flags"]), (TRACE, SPAN, 1))
            plain = copy.deepcopy(data)  # OTLP has ids in hex, protobuf's own JSON in base64
            for log in plain["resourceLogs"][0]["scopeLogs"][0]["logRecords"]:
                for key in ("traceId", "spanId"):
                    log[key] = base64.b64encode(bytes.fromhex(log[key])).decode()
            message = json_format.Parse(json.dumps(plain), logs_pb2.LogsData(), ignore_unknown_fields=False)
            parsed = message.resource_logs[0].scope_logs[0].log_records[0]
            self.assertEqual(parsed.event_name, "safe_docker.decision")
            self.assertEqual(parsed.trace_id.hex(), TRACE)
            # Nothing is lost on the way there and back.
            self.assertEqual(json_format.MessageToDict(message), plain | json_format.MessageToDict(message))

    def test_stricter_rules(self):
        for data, record in self.records():
            self.look_at(data)
            self.assertIsInstance(record["severityNumber"], int)
            self.assertIsInstance(record["timeUnixNano"], str)
            for attributes in (record["attributes"], data["resourceLogs"][0]["resource"]["attributes"]):
                keys = [attribute["key"] for attribute in attributes]
                self.assertEqual(len(keys), len(set(keys)), keys)

    def look_at(self, value):
        """lowerCamelCase keys, no null, 64-bit numbers as texts, values that are exactly one of their kinds."""
        self.assertIsNotNone(value)
        if isinstance(value, dict):
            for key, member in value.items():
                self.assertRegex(key, r"^[a-z][a-zA-Z0-9]*$")
                if key == "intValue":
                    self.assertTrue(isinstance(member, str) and re.fullmatch(r"-?\d+", member), member)
                if key == "value":
                    self.assertEqual(len(member), 1, member)
                self.look_at(member)
        elif isinstance(value, list):
            for member in value:
                self.look_at(member)

    def test_the_two_logs_agree(self):
        for line, (_, record) in zip(self.native, self.records(), strict=True):
            native = json.loads(line)
            attributes = {each["key"]: each["value"] for each in record["attributes"]}
            self.assertEqual(attributes["safe_docker.id"]["stringValue"], native["id"])
            self.assertEqual(attributes["safe_docker.decision"]["stringValue"], native["decision"])
            self.assertEqual(record["timeUnixNano"], str(native["timestamp_unix_nano"]))


if __name__ == "__main__":
    ARGUMENTS = parse()
    unittest.main(argv=sys.argv[:1])

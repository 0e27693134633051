"""The end-to-end tests: run.py --binary PROGRAM --plugins FOLDER [--sanitized] [-k PATTERN] [-v] [SUITE...]

Suites whose cases are data: hook, wrapper, compose, projects, config (see tests/cases/README.md).
Suites in code, for behaviour that is no verdict: protocol, exec, audit, audit_commands, audit_suggest, faults, commands,
policy, policy_tests, explain, advice, plugin_check, completion, terminal, messages, doctor, setup.
"""

import argparse
import fnmatch
import importlib
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import context  # noqa: E402  (found beside this file)
import data_cases  # noqa: E402

DATA_SUITES = {"hook": data_cases.hook_tests, "wrapper": data_cases.wrapper_tests, "compose": data_cases.compose_tests,
               "projects": data_cases.project_tests, "config": data_cases.config_tests}
CODE_SUITES = ("protocol", "exec", "audit", "audit_commands", "audit_suggest", "faults", "commands",
               "policy", "policy_tests", "explain", "advice", "plugin_check", "completion",
               "terminal", "messages", "doctor", "setup")


def tests_of(suite):
    if suite in DATA_SUITES:
        return list(DATA_SUITES[suite]())
    module = importlib.import_module(f"test_{suite}")
    return [test for group in unittest.defaultTestLoader.loadTestsFromModule(module) for test in group]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    parser.add_argument("--plugins", type=pathlib.Path, help="folder of the plugins that misbehave")
    parser.add_argument("--sanitized", action="store_true", help="the program was built with sanitizers")
    parser.add_argument("-k", metavar="PATTERN", help="only tests whose name contains it")
    parser.add_argument("-v", action="store_true")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help="all if none is named")
    arguments = parser.parse_args()
    context.binary = arguments.binary.resolve()
    context.plugins = arguments.plugins.resolve() if arguments.plugins else None
    context.sanitized = arguments.sanitized
    if not context.binary.is_file():
        sys.exit(f"{context.binary} is not there")

    suite = unittest.TestSuite()
    for name in arguments.suites or [*DATA_SUITES, *CODE_SUITES]:
        if name not in DATA_SUITES and name not in CODE_SUITES:
            parser.error(f"there is no suite {name}")
        tests = tests_of(name)
        if not tests:
            sys.exit(f"suite {name} has no tests")
        pattern = f"*{arguments.k}*" if arguments.k else "*"
        suite.addTests(test for test in tests if fnmatch.fnmatchcase(str(test), pattern))
    result = unittest.TextTestRunner(verbosity=2 if arguments.v else 1).run(suite)
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main()

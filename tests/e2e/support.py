"""What the suites in code share: a test with a sandbox of its own."""

import unittest

import context
import harness


class SandboxTest(unittest.TestCase):
    def setUp(self):
        self.box = self.enterContext(harness.sandbox(context.binary))

    def assertDecision(self, result, decision, *texts):
        """The hook's answer is `decision`, and its reason holds each of `texts`. Returns the reason."""
        try:
            found, reason = result.verdict()
        except (ValueError, KeyError) as error:
            self.fail(f"no proper answer: {error!r}\n{result}")
        self.assertEqual(found, decision, f"\n{result}")
        for text in texts:
            self.assertIn(text, reason, f"\n{result}")
        return reason

    def assertSilent(self, result):
        self.assertEqual((result.code, result.stdout), (0, ""), f"\n{result}")

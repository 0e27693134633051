// Verdicts in words: the text that an agent or a person reads, and the JSON that Claude Code reads.
#pragma once

#include <string>
#include <string_view>

#include "colors.hpp"
#include "policy/finding.hpp"
#include "printable.hpp"

namespace safe_docker::modes {

// What stands against the command and what to do instead: one line for one finding, a list for several. Starts with
// "[safe-docker] ". With `notes`, findings that object to nothing are told, too.
std::string Explain(const policy::Verdict& verdict, bool notes, const Colors& colors = {});

// What was let through although a rule objects, for the user to know; empty if nothing was.
std::string Warnings(const policy::Verdict& verdict, const Colors& colors = {});

// Claude Code's PreToolUse answer. Empty for allow: an explicit "allow" would skip the user's own permission prompt.
std::string HookAnswer(const policy::Verdict& verdict);

// One finding: where, what and why, the rule, and the way out.
std::string Describe(const policy::Finding& finding, const Colors& colors = {});

// Red, yellow or green.
Color ColorOf(policy::Decision decision);

// A text for a terminal or a log.
using safe_docker::Printable;

}  // namespace safe_docker::modes

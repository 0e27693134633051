#include "modes/text_findings.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "docker/clients/raw_clients.hpp"
#include "file_system.hpp"
#include "modes/self_protection.hpp"
#include "policy/rules.hpp"

namespace safe_docker::modes {
namespace {

using policy::Finding;

// `rule`: one of the host's.
Finding Found(std::string_view rule, std::string written, std::string message, std::string advice) {
  Finding finding = policy::HostFinding(rule);
  finding.written = std::move(written);
  finding.message = std::move(message);
  finding.advice = std::move(advice);
  return finding;
}

// Words for each kind of text that could not be followed.
std::string_view WhyOpaque(shell::Opaque::Reason reason) {
  using Reason = shell::Opaque::Reason;
  switch (reason) {
    case Reason::kSyntaxError:
      return "bash would refuse this text from here on, so nobody can tell what it runs";
    case Reason::kUnknownCommand:
      return "the name of the command is not known before it runs";
    case Reason::kComputedCode:
      return "this shell code is computed while it runs, so nobody can tell what it does";
    case Reason::kHiddenCode:
      return "this shell code is decoded while it runs, which hides what it does";
    case Reason::kInterpreter:
      return "a program of another language may run docker here";
    case Reason::kTooMuch:
      return "the text is nested too deep or goes on too long to be followed";
    case Reason::kOtherMachine:
      return "this runs docker on another machine, whose files are not known here";
  }
  return "this text cannot be followed";
}

// Text whose commands cannot be told asks if docker is in sight or the text is being hidden; the profile `strict` asks
// about the rest, too.
void AddOpaqueFindings(const shell::Analysis& analysis, std::vector<Finding>* findings) {
  using Reason = shell::Opaque::Reason;
  for (const shell::Opaque& part : analysis.opaque) {
    // Hiding and exhausting are ways to keep docker out of sight.
    const bool evades = part.reason == Reason::kHiddenCode || part.reason == Reason::kTooMuch;
    findings->push_back(Found(part.mentions_name || evades ? policy::kOpaqueShell : policy::kOpaqueText, part.written,
                              std::string(WhyOpaque(part.reason)) + (part.detail.empty() ? "" : ": " + part.detail),
                              "Write the docker command out, so that it can be judged."));
  }
}

// The docker client runs programs that it finds below its folder of settings, or that are named there.
void AddClientFolderFindings(const shell::Analysis& analysis, const docker::Request& request,
                             std::vector<Finding>* findings) {
  for (const std::string& path : analysis.written) {
    if (!request.home.empty() && IsWithin(path, request.home + "/.docker")) {
      findings->push_back(
          Found(policy::kOpaqueShell, request.source,
                "the command itself writes " + path + ", which decides what docker runs and which engine it reaches",
                "Leave the docker client's own files alone; a person may edit them."));
    }
  }
}

// True if a part of the word, as socat and ssh cut them (UNIX-CONNECT:s, 8080:./s), is this path.
bool NamesPath(std::string_view word, const std::string& path, const std::string& cwd) {
  while (!word.empty()) {
    const std::size_t cut = word.find_first_of(":=, ");
    const std::string_view part = word.substr(0, cut);
    if (!part.empty() && IsKnown(part) && (part[0] == '/' || IsKnown(cwd)) && CleanPath(part, cwd) == path) {
      return true;
    }
    word = cut == std::string_view::npos ? std::string_view{} : word.substr(cut + 1);
  }
  return false;
}

// A program that may speak to an engine through a path that the text itself makes a link of something.
void AddLinkedSocketFindings(const shell::Analysis& analysis, std::vector<Finding>* findings) {
  for (const CommandLine& line : analysis.commands) {
    if (line.words.empty() || !docker::IsRawClient(BaseName(line.words[0].text))) {
      continue;
    }
    const bool uses_link = std::any_of(analysis.linked.begin(), analysis.linked.end(), [&line](const auto& link) {
      return std::any_of(line.words.begin() + 1, line.words.end(),
                         [&](const Word& word) { return NamesPath(word.text, link, line.cwd); });
    });
    if (uses_link) {
      findings->push_back(Found(policy::kOpaqueShell, line.source,
                                "the text itself makes a link and then uses it, so nobody can tell whether an engine's "
                                "socket is behind it",
                                "Use the path itself, not a link that is made on the way."));
    }
  }
}

// True if the request sends a file to an engine that the text itself writes first.
bool SendsWrittenFile(const std::string& path, const docker::Request& request) {
  return std::any_of(request.effects.begin(), request.effects.end(),
                     [](const docker::Effect& effect) { return effect.kind == SDP_EFFECT_RAW_ENGINE; }) &&
         std::any_of(request.effects.begin(), request.effects.end(), [&path](const docker::Effect& effect) {
           return effect.kind == SDP_EFFECT_READ_HOST_PATH && (effect.subject == path || effect.resolved == path);
         });
}

// True for a folder around the request's, and for a file that it may read to learn what to do: one that lies
// beside or below it, one that compose finds above it, or one that it names.
bool MayBeRead(const std::string& path, const docker::Request& request) {
  constexpr std::array<std::string_view, 5> kEndings = {".yaml", ".yml", ".env", ".hcl", ".json"};
  if (!IsKnown(path) || !IsKnown(request.cwd) || IsWithin(request.cwd, path)) {
    return true;
  }
  const bool is_named = std::any_of(request.options.begin(), request.options.end(), [&](const docker::Option& option) {
    return IsKnown(option.value) && CleanPath(option.value, request.cwd) == path;
  });
  const std::string folder = path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
  const bool is_below =
      IsWithin(path, request.cwd) &&
      std::any_of(kEndings.begin(), kEndings.end(), [&path](std::string_view end) { return path.ends_with(end); });
  // compose walks up to the folders above.
  const bool is_above = IsWithin(request.cwd, folder) && BaseName(path).find("compose") != std::string_view::npos;
  return is_named || is_below || is_above;
}

// A file that one docker command writes and a later one reads a project from: what it will hold is not known.
void AddWrittenByDocker(const std::vector<docker::Request>& requests, std::vector<Finding>* findings) {
  for (std::size_t later = 1; later < requests.size(); ++later) {
    if (!requests[later].needs_expansion) {
      continue;
    }
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      for (const docker::Effect& effect : requests[earlier].effects) {
        if (effect.kind == SDP_EFFECT_WRITE_HOST_PATH && MayBeRead(effect.subject, requests[later])) {
          findings->push_back(Found(policy::kOpaqueShell, requests[later].source,
                                    "the command before it writes " + effect.subject +
                                        ", which this one may read, so what it will do is not known",
                                    "Write the file with one command, and use it with the next."));
          return;
        }
      }
    }
  }
}

}  // namespace

std::vector<Finding> FindInText(const shell::Analysis& analysis, const shell::Context& context) {
  std::vector<Finding> findings;
  AddOpaqueFindings(analysis, &findings);
  AddLinkedSocketFindings(analysis, &findings);
  std::vector<Finding> tampering = FindTampering(analysis, context);
  std::move(tampering.begin(), tampering.end(), std::back_inserter(findings));
  return findings;
}

void HeedChangedFiles(const shell::Analysis& analysis, std::vector<docker::Request>* requests,
                      std::vector<Finding>* findings) {
  AddWrittenByDocker(*requests, findings);
  for (docker::Request& request : *requests) {
    for (docker::Effect& effect : request.effects) {
      const bool is_behind_link =
          std::any_of(analysis.linked.begin(), analysis.linked.end(), [&effect](const std::string& link) {
            return !effect.resolved.empty() && (IsWithin(effect.subject, link) || IsWithin(effect.resolved, link));
          });
      effect.flags |= is_behind_link ? static_cast<std::uint32_t>(SDP_EFFECT_UNRESOLVED) : 0U;
    }
    AddClientFolderFindings(analysis, request, findings);
    for (const std::string& path : analysis.written) {
      if (SendsWrittenFile(path, request)) {
        findings->push_back(Found(policy::kOpaqueShell, request.source,
                                  "the command itself writes " + path +
                                      " before docker reads it, so what it will hold is "
                                      "not known",
                                  "Write the file with one command, and use it with the next."));
      }
    }
  }
}

bool ReadsAlikeInPowerShell(const std::string& text, const std::vector<std::string>& names) {
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  // A backquote inside a word means nothing to PowerShell, so it may hide a name.
  lower.erase(std::remove(lower.begin(), lower.end(), '`'), lower.end());
  const bool is_in_sight = std::any_of(
      names.begin(), names.end(), [&lower](const std::string& name) { return lower.find(name) != std::string::npos; });
  const std::string first = text.substr(0, text.find(' '));
  const bool is_plain = std::find(names.begin(), names.end(), first) != names.end() &&
                        text.find_first_of("\\'\"`$&{}()[]@%#<>;|~*?!^\r\n\t") == std::string::npos;
  return !is_in_sight || is_plain;
}

Finding PowerShellDoubt(const std::string& text) {
  return Found(policy::kOpaqueShell, text.substr(0, 80),
               "PowerShell's own syntax around docker is not followed, so nobody can tell what it runs",
               "Write the docker command by itself, without quotes, variables or blocks.");
}

}  // namespace safe_docker::modes

// The shell room's one entrance: the text of a bash command goes in, every simple command that it might run comes out.
// Knows bash and the programs that start other programs (sudo, env, xargs, sh -c, ...), but not docker: the caller says
// which command names it is interested in. What cannot be understood is reported as an Opaque part, never dropped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"

namespace safe_docker::shell {

// What analysing starts from.
struct Context {
  std::string cwd;          // absolute
  Environment environment;  // of the shell that will run the text
  // The names that make a text interesting ("docker", "podman", ...): what else looks like them is not reported.
  std::vector<std::string> names;
  // True for names whose commands are wanted as well, but that make no text interesting (curl). May be null.
  bool (*is_quiet_name)(std::string_view base_name) = nullptr;
  // True if a command of one of the names prints an id, as Word::is_identifier says, or nothing. May be null.
  bool (*prints_identifier)(const std::vector<Word>& words) = nullptr;
  // True if it matters to a command what files hold; the others are not told. Null: to none.
  bool (*reads_files)(const std::vector<Word>& words) = nullptr;
};

// A part of the text whose commands cannot be told, though it mentions or may hide one of the names.
struct Opaque {
  enum class Reason : std::uint8_t {
    kSyntaxError,     // bash would refuse it from here on
    kUnknownCommand,  // the command's name is an unknown part
    kComputedCode,    // eval, sh -c or a pipe into a shell with text that is not constant
    kHiddenCode,      // as above, and the text is decoded or reversed on the way
    kInterpreter,     // a program of another language that mentions a name
    kTooMuch,         // a bound was reached
    kOtherMachine,    // ssh: runs elsewhere
  };
  Reason reason;
  std::string written;  // the part, as it stands there
  std::string detail;   // for people: "the word after eval is not known"
  bool mentions_name;   // one of Context.names stands in it
  Span span;
};

struct Analysis {
  std::vector<CommandLine> commands;  // those whose name, after quotes, paths and runners are taken off, is in names
  std::vector<Opaque> opaque;
  // Every variable that the text assigns, exports or unsets by name, wherever: for rules about the text itself.
  std::vector<std::string> assigned;
  // The files that the text writes by redirection, tee, cp, mv, install, ln, sed -i, curl and wget: absolute and clean,
  // as far as their paths are known. If the target may be a folder, both it and the file in it stand here.
  std::vector<std::string> written;
  // The same for what it removes or moves away: rm, rmdir, unlink, shred, mv. With
  // unknown parts where a pattern stands.
  std::vector<std::string> removed;
  // The same for what may be a link or a mount of something else afterwards: targets of ln, mv, cp and mount --bind.
  std::vector<std::string> linked;
};

// Analyses `text` as bash 5.2 would read it. Linear in its length, bounded in depth and work; never throws.
Analysis Analyze(std::string_view text, const Context& context);

}  // namespace safe_docker::shell

// Constructs of the grammar around other statements.
#include "generator.hpp"
#include "quoting.hpp"

namespace safe_docker::oracle {
namespace {

constexpr int kDeepest = 4;

}  // namespace

std::string Generator::Pick(const Construct* begin, const Construct* end) {
  unsigned total = 0;
  for (const Construct* construct = begin; construct != end; ++construct) {
    total += construct->is_posix || !is_posix_ ? construct->weight : 0;
  }
  std::uint32_t left = choices_->Draw(total);
  for (const Construct* construct = begin; construct != end; ++construct) {
    const unsigned weight = construct->is_posix || !is_posix_ ? construct->weight : 0;
    if (left < weight) {
      return (this->*construct->maker)();
    }
    left -= weight;
  }
  return ":";
}

std::string Generator::Program() {
  std::string text = Statement();
  for (std::uint32_t more = choices_->Draw(3); more > 0; --more) {
    text += "\n" + (choices_->OneIn(4) ? Decoy() : Statement());
  }
  return text;
}

std::string Generator::Body() {
  std::string text = choices_->OneIn(6) ? Decoy() + "\n" : "";
  text += Statement();
  return choices_->OneIn(6) ? text + "\n" + Decoy() : text;
}

std::string Generator::Statement() {
  constexpr Construct kConstructs[] = {{&Generator::Call, 44, true},
                                       {&Generator::If, 4, true},
                                       {&Generator::Loop, 4, true},
                                       {&Generator::Case, 3, true},
                                       {&Generator::Group, 4, true},
                                       {&Generator::AndOr, 4, true},
                                       {&Generator::Pipeline, 4, true},
                                       {&Generator::Function, 5, true},
                                       {&Generator::Recursion, 1, true},
                                       {&Generator::Substitution, 5, true},
                                       {&Generator::Background, 2, true},
                                       {&Generator::Directory, 4, true},
                                       {&Generator::Eval, 5, true},
                                       {&Generator::ShellText, 5, true},
                                       {&Generator::ShellInput, 4, true},
                                       {&Generator::Script, 4, true},
                                       {&Generator::Trap, 2, true},
                                       {&Generator::DecodedCode, 2, true},
                                       {&Generator::FindShell, 1, true},
                                       {&Generator::ArithmeticLoop, 2, false},
                                       {&Generator::Source, 3, false},
                                       {&Generator::ProcessSubstitution, 2, false},
                                       {&Generator::Coproc, 1, false},
                                       {&Generator::Select, 1, false},
                                       {&Generator::Timed, 2, false},
                                       {&Generator::Overriding, 2, false},
                                       {&Generator::ExportedFunction, 1, false},
                                       {&Generator::Prompted, 1, false}};
  if (depth_ >= kDeepest) {
    return Call();
  }
  ++depth_;
  std::string text = Pick(std::begin(kConstructs), std::end(kConstructs));
  --depth_;
  return text;
}

std::string Generator::Condition() {
  return choices_->OneOf(is_posix_ ? std::vector<std::string>{"true", "[ 1 = 1 ]", "test -f names.txt", "! false",
                                                              "grep -q one names.txt", "[ -n \"$HOME\" ]"}
                                   : std::vector<std::string>{"true", "[ 1 = 1 ]", "test -f names.txt", "! false",
                                                              "grep -q one names.txt", "[[ abc == a* ]]", "((1))",
                                                              "[[ -d sub && ! -e nothing ]]", "[[ x =~ ^x$ ]]"});
}

std::string Generator::Decoy() {
  switch (choices_->Draw(is_posix_ ? 6 : 8)) {
    case 0:
      return "echo \"docker run --privileged img\"";
    case 1:
      return "# docker run 'unbalanced \" $( \\";
    case 2:
      return "grep docker names.txt";
    case 3: {
      const std::string delimiter = NewName("E");
      return "cat <<" + delimiter + "\ndocker run --privileged \"$HOME\nit's \" text\n" + delimiter;
    }
    case 4:
      return ": docker run 'a\nb'";
    case 5:
      return NewName("x") + "='docker run --privileged img'";
    case 6:
      return "[[ docker == d* ]]";
    default:
      return "printf '%s\\n' {docker,run} <<< \"docker run\" # docker";
  }
}

// What stands where bash does not come.
std::string Generator::Unreached() {
  return subject_ == Subject::kHarmless ? "walker run never" : "docker run --privileged never";
}

std::string Generator::If() {
  const std::string condition = Condition();
  switch (choices_->Draw(4)) {
    case 0:
      return "if " + condition + "; then\n" + Body() + "\nfi";
    case 1:
      return "if ! { " + condition + "; }; then\n" + Decoy() + "\nelse\n" + Body() + "\nfi";
    case 2:
      return "if false\nthen :\nelif " + condition + "\nthen " + Body() + "\nelse\n  " + Unreached() + "\nfi";
    default:
      return "if\n" + Body() + "\nthen :; fi";
  }
}

std::string Generator::Loop() {
  const std::string name = NewName("n");
  switch (choices_->Draw(4)) {
    case 0:
      return "for " + name + " in one two; do\n" + Body() + "\ndone";
    case 1:
      return name + "=0\nwhile [ $" + name + " -lt 1 ]; do\n" + name + "=$((" + name + "+1))\n" + Body() + "\ndone";
    case 2:
      return "until false; do\n" + Body() + "\nbreak\ndone";
    default:
      return "while " + Condition() + "; do " + Body() + "\nbreak; done";
  }
}

std::string Generator::ArithmeticLoop() {
  const std::string name = NewName("n");
  switch (choices_->Draw(3)) {
    case 0:
      return "for ((" + name + "=0; " + name + "<1; " + name + "++)); do\n" + Body() + "\ndone";
    case 1:
      return "for ((;;)) {\n" + Body() + "\nbreak\n}";
    default:
      return "((" + name + "=1<<2))\nwhile (( " + name + "-- > 3 )); do\n" + Body() + "\ndone";
  }
}

std::string Generator::Case() {
  switch (choices_->Draw(is_posix_ ? 3 : 4)) {
    case 0:
      return "case x in\n  x)\n" + Body() + "\n;;\nesac";
    case 1:
      return "case " + Word("abc") + " in (y|z) :;; a*) " + Body() + "\n;; *) " + Unreached() + ";; esac";
    case 2:
      return "case \"$HOME\" in */x) ;; */u)\n" + Body() + "\nesac";
    default:
      return "case x in x) ;& y) " + Body() + "\n;;& *) : ;; esac";
  }
}

std::string Generator::Group() {
  switch (choices_->Draw(4)) {
    case 0:
      return "{\n" + Body() + "\n}";
    case 1:
      return "(\n" + Body() + "\n)";
    case 2:
      return "{ " + Body() + "\n} > out.txt 2>&1";
    default:
      return "( (" + Body() + "\n) )";
  }
}

std::string Generator::AndOr() {
  const std::string body = "{\n" + Body() + "\n}";
  switch (choices_->Draw(5)) {
    case 0:
      return Condition() + " && " + body;
    case 1:
      return "false || " + body;
    case 2:
      return body + " && true || :";
    case 3:
      return "true \\\n  && false \\\n  || " + body;
    default:
      return Condition() + " &&\n# a comment; docker run --privileged\n" + body;
  }
}

std::string Generator::Pipeline() {
  const std::string body = "{\n" + Body() + "\n}";
  switch (choices_->Draw(is_posix_ ? 4 : 5)) {
    case 0:
      return body + " | cat";
    case 1:
      return "echo x | " + body;
    case 2:
      return "echo x | tee copy.txt | (read -r y\n" + Body() + "\n)";
    case 3:
      return "true |\n" + body + " | while read -r z; do :; done";
    default:
      return "! " + body + " |& cat";
  }
}

std::string Generator::Function() {
  const std::string name = NewName("f");
  const std::string body = Body();
  switch (choices_->Draw(is_posix_ ? 3 : 6)) {
    case 0:
      return name + "() {\n" + body + "\n}\n" + name;
    case 1:
      return name + " ( ) (\n" + body + "\n)\n" + name + " a b";
    case 2:
      return name + "() {\n" + body + "\n}\n" + name + "y() { " + name + "; }\nif true; then " + name + "y; fi";
    case 3:
      return "function " + name + " {\n" + body + "\n}\n" + name;
    case 4:
      return "function " + name + "() {\nlocal x=1\n" + body + "\n} 2>/dev/null\n$(" + name + ")";
    default:
      return name + "() if true; then\n" + body + "\nfi\ng=" + name + "\n$g";
  }
}

// A function with the name of a program that looks harmless.
std::string Generator::Overriding() {
  const std::string name = choices_->OneOf({"echo", "ls", "cd", "true", "docker_run", "test", "grep"});
  const std::string body = PosixBody();
  if (choices_->OneIn(3)) {
    return "docker() { command docker run --privileged \"$@\"; }\ndocker img\nunset -f docker";
  }
  return "(" + name + "() {\nunset -f " + name + "\n" + body + "\n}\n" + name + " .\n)";
}

std::string Generator::Recursion() {
  const std::string name = NewName("f");
  return name + "() {\nif [ \"$1\" = 0 ]; then\n" + Body() + "\nelse\n" + name + " $(($1 - 1))\nfi\n}\n" + name + " " +
         choices_->OneOf({"1", "2", "3"});
}

std::string Generator::Substitution() {
  const std::string body = Body();
  const std::string name = NewName("o");
  switch (choices_->Draw(is_posix_ ? 5 : 8)) {
    case 0:
      return name + "=$(" + body + "\n)";
    case 1:
      return "echo \"result: $(\n" + body + "\n)\"";
    case 2:
      return name + "=`" + BackquoteEscaped(body) + "\n`";
    case 3:
      return ": ${" + name + ":=$(" + body + "\n)}";
    case 4: {
      const std::string delimiter = NewName("E");
      return "cat <<" + delimiter + "\n$(" + body + "\n)\n" + delimiter;
    }
    case 5:
      return "[[ -n $(" + body + "\n) ]]";
    case 6:
      return name + "=(a \"$(" + body + "\n)\" b)";
    default:
      return "local_" + name + "() { local x=\"$(" + body + "\n)\"; }\nlocal_" + name;
  }
}

std::string Generator::ProcessSubstitution() {
  const std::string body = Body();
  switch (choices_->Draw(3)) {
    case 0:
      return "cat <(" + body + "\n)";
    case 1:
      return "echo x > >(" + body + "\n)";
    default:
      return "while read -r z; do :; done < <(" + body + "\n)";
  }
}

std::string Generator::Coproc() {
  return (choices_->Draw(2) == 0 ? "coproc {\n" + Body() + "\n}" : "coproc WORK (" + Body() + "\n)") + "\nwait";
}

std::string Generator::Background() {
  return choices_->Draw(2) == 0 ? "{\n" + Body() + "\n} &\nwait" : "(" + Body() + "\n) & wait $!";
}

std::string Generator::Select() { return "select " + NewName("s") + " in a b; do\n" + Body() + "\nbreak\ndone <<< 1"; }

std::string Generator::Timed() { return choices_->OneOf({"time", "time -p", "!", "! time"}) + " {\n" + Body() + "\n}"; }

std::string Generator::Directory() {
  const std::string body = Body();
  switch (choices_->Draw(is_posix_ ? 5 : 7)) {
    case 0:
      return "cd sub\n" + body + "\ncd ..";
    case 1:
      return "(cd /tmp && {\n" + body + "\n})";
    case 2:
      return "cd " + Word("sub") + " &&\n" + body + "\ncd - >/dev/null";
    case 3:
      return "mkdir -p new/folder; cd new/folder\n" + body + "\ncd \"$OLDPWD\"";
    case 4:
      return "cd\n" + body + "\ncd ~/project";
    case 5:
      return "pushd sub >/dev/null\n" + body + "\npopd >/dev/null";
    default:
      return "cd -- \"$(dirname sub/a.txt)\"\n" + body + "\ncd ../";
  }
}

}  // namespace safe_docker::oracle

// One word that a shell expands to a given text.
#include "generator.hpp"
#include "quoting.hpp"

namespace safe_docker::oracle {
namespace {

bool IsLowerCase(std::string_view text) {
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
}

std::string UpperCase(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    letter = static_cast<char>(letter - 'a' + 'A');
  }
  return result;
}

}  // namespace

std::string Generator::NewName(std::string_view prefix) { return std::string(prefix) + std::to_string(++names_); }

std::string Generator::Quote(std::string_view text) { return Quoted(text, is_posix_, choices_); }

std::string Generator::Literal(std::string_view text) {
  if (text.empty()) {
    return "''";
  }
  switch (choices_->Draw(6)) {
    case 0:
      return IsPlain(text) ? std::string(text) : SingleQuoted(text);
    case 1:
      return Quote(text);
    case 2: {  // a piece of it in quotes
      const std::uint32_t cut = choices_->Draw(static_cast<std::uint32_t>(text.size()) + 1);
      const std::string_view head = text.substr(0, cut);
      return (IsPlain(head) ? std::string(head) : SingleQuoted(head)) + Quote(text.substr(cut));
    }
    case 3: {  // a backslash, or a line break that is none
      const std::uint32_t cut = choices_->Draw(static_cast<std::uint32_t>(text.size()));
      return IsPlain(text) ? std::string(text.substr(0, cut)) + (choices_->Draw(3) != 0 ? "\\" : "\\\n") +
                                 std::string(text.substr(cut))
                           : DoubleQuoted(text);
    }
    case 4:
      return "''" + Quote(text) + "\"\"";
    default:
      return is_posix_ ? Quote(text) : AnsiQuoted(text, choices_);
  }
}

std::string Generator::Reference(const std::string& name, std::string_view text) {
  const std::string braced = choices_->Draw(2) == 0 ? "$" + name : "${" + name + "}";
  return IsPlain(text) && choices_->Draw(2) == 0 ? braced : "\"" + braced + "\"";
}

std::string Generator::InVariable(std::string_view text) {
  const std::string name = NewName("v");
  if (choices_->OneIn(5)) {
    Setup(name + "=echo");
  }
  switch (choices_->Draw(is_posix_ ? 3 : 6)) {
    case 1:
      Setup("export " + name + "=" + Literal(text));
      break;
    case 2:
      Setup("readonly " + name + "=" + Literal(text));
      break;
    case 3:
      Setup("declare " + name + "=" + Literal(text));
      break;
    case 4:
      Setup("printf -v " + name + " %s " + Literal(text));
      break;
    case 5:
      Setup(name + "=\n" + name + "+=" + Literal(text));
      break;
    default:
      Setup(name + "=" + Literal(text));
  }
  return Reference(name, text);
}

std::string Generator::SplitInTwo(std::string_view text) {
  const std::uint32_t cut = choices_->Draw(static_cast<std::uint32_t>(text.size()) + 1);
  const std::string first = NewName("v");
  const std::string second = NewName("v");
  Setup(first + "=" + Literal(text.substr(0, cut)) + " " + second + "=" + Literal(text.substr(cut)));
  if (choices_->Draw(2) == 0) {
    return "\"$" + first + "$" + second + "\"";
  }
  const std::string both = NewName("v");
  Setup(both + "=${" + first + "}$" + second);
  return Reference(both, text);
}

std::string Generator::Printed(std::string_view text) {
  std::string command;
  switch (choices_->Draw(is_posix_ ? 4 : 5)) {
    case 0:
      command = "echo " + Literal(text);
      break;
    case 1:
      command = "printf %s " + Literal(text);
      break;
    case 2:
      command = "printf '%s%s\\n' " + Literal(text.substr(0, 1)) + " " + Literal(text.substr(1));
      break;
    case 3: {
      const std::string delimiter = NewName("E");
      command = "cat <<'" + delimiter + "'\n" + std::string(text) + "\n" + delimiter + "\n";
      break;
    }
    default:
      command = "cat <<< " + Literal(text);
  }
  const bool is_backquoted = choices_->OneIn(3);
  const std::string substitution = is_backquoted ? "`" + BackquoteEscaped(command) + "`" : "$(" + command + ")";
  if (choices_->Draw(2) == 0) {
    return IsPlain(text) ? substitution : "\"$(" + command + ")\"";
  }
  const std::string name = NewName("v");
  Setup(name + "=" + substitution);
  return Reference(name, text);
}

std::string Generator::Decoded(std::string_view text) {
  std::string command;
  switch (choices_->Draw(7)) {
    case 0:
      command = "echo " + SingleQuoted(Reversed(text)) + " | rev";
      break;
    case 1:
      command = "echo " + Base64(text) + " | base64 -d";
      break;
    case 2:
      command = "printf %s " + SingleQuoted(Rotated(text)) + " | tr a-zA-Z n-za-mN-ZA-M";
      break;
    case 3:
      command = "printf %s " + Hexadecimal(text) + " | xxd -r -p";
      break;
    case 4:
      command = "echo " + SingleQuoted("x|" + std::string(text) + "|y") + " | cut -d'|' -f2";
      break;
    case 5:
      command = "printf '%s\\n' " + SingleQuoted(text) + " second | head -n 1";
      break;
    default:
      command = "echo " + SingleQuoted("@" + std::string(text)) + " | sed 's/^@//'";
  }
  return IsPlain(text) ? "$(" + command + ")" : "\"$(" + command + ")\"";
}

std::string Generator::WithDefault(std::string_view text) {
  const std::string name = NewName("v");
  const std::string value = IsPlain(text) ? std::string(text) : SingleQuoted(text);
  switch (choices_->Draw(4)) {
    case 0:
      return "${" + name + ":-" + value + "}";
    case 1:
      Setup(name + "=x");
      return "${" + name + ":+" + value + "}";
    case 2:
      return "${" + name + ":=" + value + "}";
    default:
      Setup(name + "=");
      return "${" + name + ":-" + value + "}";
  }
}

std::string Generator::Trimmed(std::string_view text) {
  const std::string name = NewName("v");
  const std::string value(text);
  switch (choices_->Draw(is_posix_ ? 3 : 4)) {
    case 0:
      Setup(name + "=" + SingleQuoted("xy_" + value));
      return "\"${" + name + "#xy_}\"";
    case 1:
      Setup(name + "=" + SingleQuoted(value + "@@end"));
      return "\"${" + name + "%@@*}\"";
    case 2:
      Setup(name + "=" + SingleQuoted("a@b@" + value));
      return "\"${" + name + "##*@}\"";
    default:
      Setup(name + "=" + SingleQuoted("abc" + value + "def"));
      return "\"${" + name + ":3:" + std::to_string(text.size()) + "}\"";
  }
}

std::string Generator::AsPositional(std::string_view text) {
  if (uses_positional_) {
    return InVariable(text);
  }
  uses_positional_ = true;
  switch (choices_->Draw(is_posix_ ? 2 : 3)) {
    case 0:
      Setup("set -- " + Literal(text));
      return "\"$1\"";
    case 1:
      Setup("set -- one " + Literal(text) + "\nshift");
      return "\"$@\"";
    default:
      Setup("set -- one " + Literal(text) + " three");
      return "\"${@:2:1}\"";
  }
}

std::string Generator::InBranch(std::string_view text) {
  const std::string name = NewName("v");
  const std::string assignment = name + "=" + Literal(text);
  switch (choices_->Draw(5)) {
    case 0:
      Setup("if " + Condition() + "; then " + assignment + "; else " + name + "=echo; fi");
      break;
    case 1:
      Setup(name + "=echo\n" + Condition() + " && " + assignment);
      break;
    case 2:
      Setup(name + "=echo\nfalse || " + assignment);
      break;
    case 3:
      Setup("case $# in x) " + name + "=echo;; *) " + assignment + ";; esac");
      break;
    default:
      Setup("for " + name + " in echo " + Literal(text) + "; do :; done");
  }
  return Reference(name, text);
}

std::string Generator::ByRead(std::string_view text) {
  const std::string name = NewName("v");
  const std::string delimiter = NewName("E");
  switch (choices_->Draw(is_posix_ ? 1 : 5)) {
    case 0:
      Setup("read -r " + name + " <<'" + delimiter + "'\n" + std::string(text) + "\n" + delimiter);
      break;
    case 1:
      Setup("read -r " + name + " <<< " + Literal(text));
      break;
    case 2:
      Setup("read -r " + name + " < <(echo " + Literal(text) + ")");
      break;
    case 3:
      Setup("IFS=, read -r x" + name + " " + name + " <<< " + Literal("first," + std::string(text)));
      break;
    default:
      Setup("mapfile -t " + name + " <<< " + Literal(text));
  }
  return Reference(name, text);
}

std::string Generator::InArray(std::string_view text) {
  const std::string name = NewName("a");
  switch (choices_->Draw(6)) {
    case 0:
      Setup(name + "=(zero " + Literal(text) + " two)");
      return "\"${" + name + "[1]}\"";
    case 1:
      Setup(name + "=(zero)\n" + name + "+=(" + Literal(text) + ")");
      return "\"${" + name + "[-1]}\"";
    case 2:
      Setup("declare -A " + name + "\n" + name + "[key]=" + Literal(text));
      return "\"${" + name + "[key]}\"";
    case 3:
      Setup("declare -A " + name + "=([one]=1 [key]=" + Literal(text) + ")");
      return "${" + name + "[key]}";
    case 4:
      Setup(name + "[3]=" + Literal(text));
      return "\"${" + name + "[@]}\"";
    default:
      Setup(name + "=(a b " + Literal(text) + " c)");
      return "\"${" + name + "[@]:2:1}\"";
  }
}

std::string Generator::Indirect(std::string_view text) {
  const std::string name = NewName("v");
  const std::string other = NewName("n");
  Setup(name + "=" + Literal(text));
  if (choices_->Draw(2) == 0) {
    Setup(other + "=" + name);
    return "\"${!" + other + "}\"";
  }
  Setup("declare -n " + other + "=" + name);
  return "\"$" + other + "\"";
}

std::string Generator::Replaced(std::string_view text) {
  const std::string name = NewName("v");
  const std::string value(text);
  const std::string first(1, value[0]);
  switch (choices_->Draw(3)) {
    case 0:
      Setup(name + "=" + SingleQuoted("@" + value.substr(1)));
      return "\"${" + name + "/@/" + (IsPlain(first) && first != "/" ? first : "\\" + first) + "}\"";
    case 1:
      Setup(name + "=" + SingleQuoted(first + "@" + value.substr(1) + "@"));
      return "\"${" + name + "//@}\"";
    default:
      Setup(name + "=" + SingleQuoted("@@" + value));
      return "\"${" + name + "/#@@/}\"";
  }
}

std::string Generator::CaseChanged(std::string_view text) {
  if (!IsLowerCase(text)) {
    return Replaced(text);
  }
  const std::string name = NewName("v");
  switch (choices_->Draw(3)) {
    case 0:
      Setup(name + "=" + UpperCase(text));
      return "${" + name + ",,}";
    case 1:
      Setup("declare -l " + name + "=" + UpperCase(text));
      return "$" + name;
    default:
      Setup(name + "=" + UpperCase(text));
      return "${" + name + "@L}";
  }
}

std::string Generator::Braces(std::string_view text) {
  if (!IsPlain(text) || text.find(',') != std::string_view::npos) {
    return Literal(text);
  }
  const std::string value(text);
  return choices_->Draw(2) == 0 ? "{," + value + "}" : "{" + value + ",}";
}

std::string Generator::UnknownWord(std::string_view prefix) {
  switch (choices_->Draw(is_posix_ ? 3 : 4)) {
    case 0:
      return std::string(prefix) + "$$";
    case 1:
      return "\"" + std::string(prefix) + "$(date +%s)\"";
    case 2:
      return std::string(prefix) + "$(id -u)";
    default:
      return std::string(prefix) + "$RANDOM";
  }
}

std::string Generator::Word(std::string_view text) {
  using WordMaker = std::string (Generator::*)(std::string_view);
  constexpr WordMaker kPosix[] = {&Generator::Literal,     &Generator::Literal,    &Generator::Literal,
                                  &Generator::InVariable,  &Generator::SplitInTwo, &Generator::Printed,
                                  &Generator::WithDefault, &Generator::Trimmed,    &Generator::AsPositional,
                                  &Generator::InBranch,    &Generator::ByRead,     &Generator::Decoded};
  constexpr WordMaker kBash[] = {&Generator::InArray,     &Generator::Indirect, &Generator::Replaced,
                                 &Generator::CaseChanged, &Generator::Trimmed,  &Generator::Braces};
  if (choices_->Draw(5) < 3 && IsPlain(text)) {
    return std::string(text);
  }
  const std::uint32_t index = choices_->Draw(static_cast<std::uint32_t>(std::size(kPosix)) +
                                             (is_posix_ ? 0 : static_cast<std::uint32_t>(std::size(kBash))));
  const WordMaker maker = index < std::size(kPosix) ? kPosix[index] : kBash[index - std::size(kPosix)];
  return (this->*maker)(text);
}

}  // namespace safe_docker::oracle

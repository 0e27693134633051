#include "interpolation.hpp"

#include <cstddef>

namespace safe_docker::compose {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxLength = std::size_t{1} << 20;

bool StartsName(char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_'; }
bool ContinuesName(char byte) { return StartsName(byte) || (byte >= '0' && byte <= '9'); }

std::size_t NameLength(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && (length == 0 ? StartsName(text[0]) : ContinuesName(text[length]))) {
    ++length;
  }
  return length;
}

[[noreturn]] void FailFormat(std::string_view text) {
  throw InterpolationError{
      "invalid interpolation format \"" + std::string(text.substr(0, 80)) +
      "\": use $NAME, ${NAME}, ${NAME:-default}, ${NAME:+text} or ${NAME:?message}, and $$ for a dollar sign"};
}

class Expansion {
 public:
  explicit Expansion(const Variables& variables) : variables_(variables) {}

  void Append(std::string_view text, int depth) {
    if (depth > kMaxDepth) {
      throw InterpolationError{"variables are nested too deeply"};
    }
    while (true) {
      const std::size_t dollar = text.find('$');
      Write(text.substr(0, dollar));
      if (dollar == std::string_view::npos) {
        return;
      }
      text.remove_prefix(dollar + 1);
      text.remove_prefix(AppendReference(text, depth));
    }
  }

  std::string Take() && { return std::move(result_); }

 private:
  void Write(std::string_view text) {
    result_ += text;
    if (result_.size() > kMaxLength) {
      throw InterpolationError{"the value becomes too long"};
    }
  }

  // `text` begins after a dollar sign; returns how much of it was used.
  std::size_t AppendReference(std::string_view text, int depth) {
    if (text.starts_with('$')) {
      Write("$");
      return 1;
    }
    if (text.starts_with('{')) {
      return AppendBraced(text, depth);
    }
    const std::size_t length = NameLength(text);
    if (length == 0) {
      Write("$");
      return 0;
    }
    Write(variables_.Get(text.substr(0, length)).text);
    return length;
  }

  std::size_t AppendBraced(std::string_view text, int depth) {
    const std::size_t close = ClosingBrace(text);
    if (close == std::string_view::npos) {
      FailFormat(text);
    }
    const std::string_view inside = text.substr(1, close - 1);
    const std::size_t length = NameLength(inside);
    if (length == 0 || inside.find('\n') != std::string_view::npos) {
      FailFormat(inside);
    }
    const std::string_view name = inside.substr(0, length);
    const Variable variable = variables_.Get(name);
    std::string_view rest = inside.substr(length);
    if (rest.empty()) {
      Write(variable.text);
      return close + 1;
    }
    const bool empty_counts_as_unset = rest.starts_with(':');
    if (empty_counts_as_unset) {
      rest.remove_prefix(1);
    }
    if (rest.empty() || std::string_view("-+?").find(rest.front()) == std::string_view::npos) {
      FailFormat(inside);
    }
    AppendChoice({name, variable, rest.front(), rest.substr(1), empty_counts_as_unset}, depth);
    return close + 1;
  }

  struct Choice {
    std::string_view name;
    Variable variable;
    char operation;
    std::string_view word;
    bool empty_counts_as_unset;
  };

  void AppendChoice(const Choice& choice, int depth) {
    const Variable& variable = choice.variable;
    if (variable.state == Variable::State::kUnknown && !variable.HasText()) {
      Write(std::string_view("\0", 1));
      return;
    }
    if (variable.MayBeSet()) {
      // The word of a default is judged as ever; who cannot read the env file asks for that.
      choice.operation == '-' ? Append(choice.word, depth + 1) : Write(variable.text);
      return;
    }
    const bool is_set =
        choice.empty_counts_as_unset ? !variable.text.empty() : variable.state != Variable::State::kUnset;
    if (choice.operation == '+') {
      is_set ? Append(choice.word, depth + 1) : Write(variable.text);
    } else if (is_set) {
      Write(variable.text);
    } else if (choice.operation == '-') {
      Append(choice.word, depth + 1);
    } else {
      Expansion message(variables_);
      message.Append(choice.word, depth + 1);
      throw InterpolationError{"required variable " + std::string(choice.name) +
                               " is missing a value: " + std::move(message).Take().substr(0, 200)};
    }
  }

  // Of the brace that `text` begins with.
  static std::size_t ClosingBrace(std::string_view text) {
    std::size_t open = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '{') {
        ++open;
      } else if (text[at] == '}' && --open == 0) {
        return at;
      }
    }
    return std::string_view::npos;
  }

  const Variables& variables_;
  std::string result_;
};

}  // namespace

std::string Interpolate(std::string_view text, const Variables& variables) {
  Expansion expansion(variables);
  expansion.Append(text, 0);
  return std::move(expansion).Take();
}

}  // namespace safe_docker::compose

#include "audit/secret_text.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "audit/secret_names.hpp"
#include "audit/secret_shapes.hpp"
#include "audit/shell_words.hpp"

namespace safe_docker::audit {
namespace {

bool IsUpper(char letter) { return letter >= 'A' && letter <= 'Z'; }
bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }
bool IsQuote(char letter) { return letter == '"' || letter == '\''; }

bool IsNameLetter(char letter) {
  return IsDigit(letter) || IsUpper(letter) || (letter >= 'a' && letter <= 'z') || letter == '_' || letter == '-' ||
         letter == '.';
}

// Programs whose short options take a secret.
struct SecretOption {
  std::string_view program;
  std::string_view option;
  bool attached;  // -pSECRET
  bool separate;  // -p SECRET
  char behind;    // the secret stands behind this letter of the value; NUL: it is the value
};
constexpr SecretOption kSecretOptions[] = {
    {"curl", "-u", true, true, ':'},           {"curl", "--user", false, true, ':'},
    {"curl", "-U", true, true, ':'},           {"curl", "--proxy-user", false, true, ':'},
    {"http", "-a", false, true, ':'},          {"ldapsearch", "-w", true, true, '\0'},
    {"login", "-p", true, true, '\0'},         {"mariadb", "-p", true, false, '\0'},
    {"mariadb-dump", "-p", true, false, '\0'}, {"mongo", "-p", true, true, '\0'},
    {"mongodump", "-p", true, true, '\0'},     {"mongorestore", "-p", true, true, '\0'},
    {"mongosh", "-p", true, true, '\0'},       {"mysql", "-p", true, false, '\0'},
    {"mysqladmin", "-p", true, false, '\0'},   {"mysqldump", "-p", true, false, '\0'},
    {"openssl", "-k", false, true, '\0'},      {"openssl", "-passin", false, true, ':'},
    {"openssl", "-passout", false, true, ':'}, {"redis-cli", "-a", false, true, '\0'},
    {"smbclient", "-U", true, true, '%'},      {"sqlcmd", "-P", true, true, '\0'},
    {"sshpass", "-p", true, true, '\0'},       {"unzip", "-P", true, true, '\0'},
    {"wget", "--password", false, true, '\0'}, {"zip", "-P", true, true, '\0'},
};

// What reads a secret from its standard input.
constexpr std::string_view kReaders[] = {"--password-stdin", "--with-token",  "secret create",  "chpasswd",
                                         "--passphrase-fd",  "--token-stdin", "passwd --stdin", "pass:stdin"};

bool HoldsAny(std::string_view text, const auto& words) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool IsReference(std::string_view value) {
  if (value.starts_with('$')) {
    const bool is_braced = value.starts_with("${") || value.starts_with("$(");
    const std::size_t end =
        is_braced
            ? value.find(value[1] == '{' ? '}' : ')') + 1
            : static_cast<std::size_t>(std::find_if_not(value.begin() + 1, value.end(), IsNameLetter) - value.begin());
    return (value.starts_with("$(") && value.ends_with(')')) || end == value.size();
  }
  return value.starts_with('`') || value.starts_with("{{");
}

class Scanner {
 public:
  Scanner(std::string_view text, bool all_variables) : text_(text), all_variables_(all_variables) {}

  std::vector<Secret> Scan() {
    while (at_ < text_.size()) {
      if (IsNameLetter(text_[at_])) {
        TakeName();
      } else {
        TakeLetter();
      }
    }
    if (HoldsAny(text_, kReaders)) {
      FindStandardInput();
    }
    return std::move(secrets_);
  }

 private:
  char Letter(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  std::size_t SkipBlanks(std::size_t at) const {
    while (at < text_.size() && (IsBlank(text_[at]) || (text_[at] == '\\' && Letter(at + 1) == '\n'))) {
      at += text_[at] == '\\' ? 2 : 1;
    }
    return at;
  }

  void Add(std::size_t begin, std::size_t end, std::string_view kind, std::string_view name) {
    Secret secret;
    secret.begin = begin;
    secret.end = std::min(end, text_.size());
    secret.kind = kind;
    secret.name = name;
    secret.value = WithoutQuotes(text_.substr(begin, secret.end - begin));
    secrets_.push_back(std::move(secret));
  }

  // A value that is a secret as far as its name says; false if it is none after all.
  bool AddIfSecret(std::size_t begin, std::size_t end, Sensitivity sensitivity, std::string_view kind,
                   std::string_view name) {
    // Quotes around the whole stay, so that the text still reads as what it was.
    if (end > begin + 1 && IsQuote(text_[begin]) && text_[end - 1] == text_[begin]) {
      ++begin;
      --end;
    }
    const std::string_view raw = text_.substr(begin, std::min(end, text_.size()) - begin);
    const std::string value = WithoutQuotes(raw);
    if (sensitivity == Sensitivity::kNone || IsReference(raw) || IsHarmlessValue(value) ||
        (sensitivity == Sensitivity::kWeak && !LooksRandom(value))) {
      return false;
    }
    Add(begin, end, kind, name);
    return true;
  }

  void TakeLetter() {
    const char letter = text_[at_];
    if (letter == '\\') {
      at_ += 2;
      return;
    }
    if (IsQuote(letter)) {
      quote_ = quote_ == letter ? '\0' : quote_ == '\0' ? letter : quote_;
    } else if (EndsCommand(letter) || letter == '(') {
      program_ = {};
    } else if (text_.substr(at_, 3) == "://") {
      if (const std::optional<Shape> user = FindUserInfo(text_, at_)) {
        AddUserInfo(*user);
        at_ = user->end;
        return;
      }
    }
    ++at_;
  }

  void AddUserInfo(const Shape& user) {
    Add(user.begin, user.end, user.kind, "");
    // The password alone may stand elsewhere.
    std::string& value = secrets_.back().value;
    const std::size_t colon = value.find(':');
    value.erase(0, colon == std::string::npos ? 0 : colon + 1);
  }

  // At the first letter of a run of letters that names are made of.
  void TakeName() {
    const std::size_t begin = at_;
    std::size_t end = begin;
    while (end < text_.size() && IsNameLetter(text_[end])) {
      ++end;
    }
    at_ = end;
    if (const std::optional<Shape> shape = FindShape(begin)) {
      Add(shape->begin, shape->end, shape->kind, "");
      at_ = std::max(at_, shape->end);
      return;
    }
    const std::string_view written = text_.substr(begin, end - begin);
    const std::string_view name = written.substr(std::min(written.find_first_not_of('-'), written.size()));
    const bool is_option = written.starts_with('-') && !name.empty();
    if (TakeProgramOption(begin, written) || name.empty()) {
      return;
    }
    NoteProgram(name);
    if (Letter(end) == '=' && Letter(end + 1) != '=') {
      TakeAssignment(begin, end, name, is_option);
    } else if (TakeMember(begin, end, name)) {
      return;
    } else if (is_option) {
      TakeOption(written, end, name);
    } else if (IsFollowedBySecret(begin, end, name)) {
      TakeFollowing(end, name);
    } else if (IsBlank(Letter(end)) && (name == "Bearer" || name == "Basic")) {
      const std::size_t value = SkipBlanks(end);
      TakeValue(value, WordEnd(text_, value, {quote_}), Sensitivity::kWeak, "header", "Authorization");
    }
  }

  // A name behind which the secret stands as a word of its own: `config set requirepass X`, `ENV PASSWORD X`, SQL's
  // PASSWORD 'X' and IDENTIFIED BY 'X', redis's AUTH X.
  bool IsFollowedBySecret(std::size_t begin, std::size_t end, std::string_view name) const {
    if (!IsBlank(Letter(end)) && !(Letter(end) == '(' && name == "PASSWORD")) {
      return false;
    }
    const std::string_view front = text_.substr(0, begin);
    const bool is_set = front.ends_with("set ") || front.ends_with("SET ") || front.ends_with("ENV ");
    if (name == "AUTH" || name == "authtoken" || name == "_authToken") {
      return program_ == "redis-cli" || name != "AUTH";
    }
    std::size_t value = SkipBlanks(end + (Letter(end) == '(' ? 1 : 0));
    value += Letter(value) == '\\' ? 1 : 0;
    const bool is_sql = (name == "PASSWORD" || name == "password" || front.ends_with("IDENTIFIED ") ||
                         front.ends_with("identified ")) &&
                        IsQuote(Letter(value));
    return is_sql || (is_set && SensitivityOf(name) == Sensitivity::kStrong);
  }

  void TakeFollowing(std::size_t end, std::string_view name) {
    std::size_t at = SkipBlanks(end + (Letter(end) == '(' ? 1 : 0));
    const bool is_escaped = Letter(at) == '\\' && IsQuote(Letter(at + 1));
    at += is_escaped ? 1 : 0;
    if (IsQuote(Letter(at)) && Letter(at) != quote_) {
      TakeValue(at + 1, QuotedEnd(text_, at + 1, text_[at], is_escaped), Sensitivity::kStrong, "word", name);
    } else if (Letter(at) != '-') {
      TakeValue(at, WordEnd(text_, at, {quote_}), Sensitivity::kStrong, "word", name);
    }
  }

  std::optional<Shape> FindShape(std::size_t begin) const {
    if (text_.substr(begin, 5) == "-----") {
      return FindPrivateKey(text_, begin);
    }
    return FindToken(text_, begin);
  }

  void TakeValue(std::size_t begin, std::size_t end, Sensitivity sensitivity, std::string_view kind,
                 std::string_view name) {
    if (AddIfSecret(begin, end, sensitivity, kind, name)) {
      at_ = std::max(at_, std::min(end, text_.size()));
    }
  }

  // Whether `name` is a variable whose value is left out because it is one.
  bool IsVariable(std::size_t begin, std::string_view name) const {
    const char before = begin > 0 ? text_[begin - 1] : ' ';
    return all_variables_ && (IsUpper(name[0]) || name[0] == '_') && !IsOrdinaryVariable(name) &&
           std::all_of(name.begin(), name.end(), [](char c) { return IsUpper(c) || IsDigit(c) || c == '_'; }) &&
           std::string_view(" \t\n\"'=;(&|`").find(before) != std::string_view::npos;
  }

  // NAME=VALUE; --NAME=VALUE.
  void TakeAssignment(std::size_t begin, std::size_t end, std::string_view name, bool is_option) {
    Sensitivity sensitivity = SensitivityOf(name);
    if (sensitivity != Sensitivity::kStrong && !is_option && IsVariable(begin, name)) {
      sensitivity = Sensitivity::kStrong;
    }
    if (sensitivity == Sensitivity::kNone) {
      return;
    }
    // --secret id=…, --secret=NAME: which one, not what it is.
    if (is_option && (name == "secret" || name == "secrets")) {
      sensitivity = Sensitivity::kWeak;
    }
    TakeValue(end + 1, AssignedEnd(begin, end + 1), sensitivity, is_option ? "option" : "env", name);
  }

  // Where the value ends whose name begins at `begin`: at the quote that stands directly in front of the name, if that
  // does not hold a whole command.
  std::size_t AssignedEnd(std::size_t begin, std::size_t value) const {
    const char before = begin > 0 ? text_[begin - 1] : ' ';
    const bool is_quoted = IsQuote(before) && !text_.substr(0, begin - 1).ends_with("-c ") &&
                           !text_.substr(0, begin - 1).ends_with("eval ");
    if (is_quoted) {
      const bool escaped = begin > 1 && text_[begin - 2] == '\\';
      const std::size_t end = QuotedEnd(text_, value, before, escaped);
      const char behind = Letter(end + 1);
      const bool goes_on = !escaped && behind != '\0' && !IsBlank(behind) && !EndsCommand(behind) &&
                           std::string_view(",])}").find(behind) == std::string_view::npos && behind != quote_;
      return goes_on ? WordEnd(text_, end + 1, {}) : end;
    }
    Surroundings around{before == '"' || before == '\'' ? '\0' : quote_, false};
    const std::string_view front = text_.substr(0, begin);
    around.ends_at_comma = before == ',' || front.ends_with("o=") || front.ends_with("opt=");
    return WordEnd(text_, value, around);
  }

  // "NAME": "VALUE" of JSON, NAME: VALUE of YAML and of headers. False if it is no member at all.
  bool TakeMember(std::size_t begin, std::size_t end, std::string_view name) {
    std::size_t at = end;
    const bool is_escaped = Letter(at) == '\\' && IsQuote(Letter(at + 1));
    const bool is_quoted = begin > 0 && IsQuote(text_[begin - 1]) && (IsQuote(Letter(at)) || is_escaped);
    at += is_quoted ? (is_escaped ? 2 : 1) : 0;
    while (is_quoted && Letter(at) == ' ') {
      ++at;
    }
    if (Letter(at) != ':' || (!is_quoted && !IsBlank(Letter(at + 1)) && !IsHeader(begin, name))) {
      return false;
    }
    at = SkipBlanks(at + 1);
    // The quote in front of the name is the innermost one that is open.
    const char quote = begin > 0 && IsQuote(text_[begin - 1]) ? text_[begin - 1] : quote_;
    const std::string_view rest = text_.substr(at);
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return IsUpper(c) ? char(c + 32) : c; });
    if (lower.ends_with("authorization")) {
      for (const std::string_view scheme : {"Bearer ", "Basic ", "Token ", "token ", "bearer ", "basic ", "ApiKey "}) {
        at += rest.starts_with(scheme) ? scheme.size() : 0;
      }
      TakeValue(at, WordEnd(text_, at, {quote}), Sensitivity::kStrong, "header", name);
    } else if (lower == "cookie" || lower == "set-cookie" || lower == "x-registry-auth") {
      const std::size_t last = text_.find_first_of(quote != '\0' ? std::string{quote, '\n'} : "\n", at);
      TakeValue(at, std::min(last, text_.size()), Sensitivity::kStrong, "header", name);
    } else if (is_escaped) {
      TakeValue(at + 2, QuotedEnd(text_, at + 2, '"', true), SensitivityOf(name), "member", name);
    } else if (is_quoted && IsQuote(Letter(at))) {
      TakeValue(at + 1, QuotedEnd(text_, at + 1, text_[at], false), SensitivityOf(name), "member", name);
    } else {
      TakeValue(at, WordEnd(text_, at, {quote}), SensitivityOf(name), "member", name);
    }
    return true;
  }

  // Headers may do without the blank: -H X-Api-Key:abc.
  bool IsHeader(std::size_t begin, std::string_view name) const {
    return begin > 0 && (name.starts_with("X-") || name.starts_with("x-") || name == "Authorization") &&
           IsQuote(text_[begin - 1]);
  }

  // --NAME VALUE, and "--NAME", "VALUE" in a list.
  void TakeOption(std::string_view written, std::size_t end, std::string_view name) {
    Sensitivity sensitivity = written.size() < 4 ? Sensitivity::kNone : SensitivityOf(name);
    if (sensitivity == Sensitivity::kNone) {
      return;
    }
    if (name == "secret" || name == "secrets") {
      sensitivity = Sensitivity::kWeak;
    }
    std::size_t at = end;
    if (IsQuote(Letter(at))) {
      const char quote = text_[at];
      at = SkipBlanks(at + 1);
      at = Letter(at) == ',' ? SkipBlanks(at + 1) : at;
      if (Letter(at) == quote && at > end + 1) {
        TakeValue(at + 1, QuotedEnd(text_, at + 1, quote, false), sensitivity, "option", name);
      }
      return;
    }
    if (!IsBlank(Letter(at))) {
      return;
    }
    at = SkipBlanks(at);
    if (Letter(at) != '-') {
      TakeValue(at, WordEnd(text_, at, {quote_}), sensitivity, "option", name);
    }
  }

  void NoteProgram(std::string_view name) {
    for (const SecretOption& each : kSecretOptions) {
      if (each.program == name) {
        program_ = each.program;
      }
    }
  }

  // A short option of a program that is known to take a secret by it.
  bool TakeProgramOption(std::size_t begin, std::string_view written) {
    if (program_.empty() || written.empty() || written[0] != '-') {
      return false;
    }
    for (const SecretOption& each : kSecretOptions) {
      if (each.program != program_ || !written.starts_with(each.option)) {
        continue;
      }
      std::size_t at = begin + each.option.size();
      const bool is_attached = each.attached && !IsBlank(Letter(at)) && at < text_.size() && !IsQuoteEnd(at);
      if (!is_attached && (!each.separate || (!IsBlank(Letter(at)) && Letter(at) != '='))) {
        continue;
      }
      at = is_attached ? at : Letter(at) == '=' ? at + 1 : SkipBlanks(at);
      const std::size_t end = WordEnd(text_, at, {quote_});
      if (each.behind != '\0') {
        const std::size_t mark = text_.substr(0, end).find(each.behind, at);
        if (mark == std::string_view::npos) {
          return false;
        }
        const bool opens = IsQuote(Letter(at)) && end > 0 && text_[end - 1] == text_[at];
        TakeValue(mark + 1, end - (opens ? 1 : 0), Sensitivity::kStrong, "option", each.option);
      } else {
        TakeValue(at, end, Sensitivity::kStrong, "option", each.option);
      }
      return true;
    }
    return false;
  }

  bool IsQuoteEnd(std::size_t at) const { return quote_ != '\0' && text_[at] == quote_; }

  // echo SECRET | …, … <<< SECRET, and here-documents.
  void FindStandardInput() {
    for (const std::string_view program : {"echo", "printf"}) {
      for (std::size_t at = text_.find(program); at != std::string_view::npos; at = text_.find(program, at + 1)) {
        TakePrinted(at + program.size());
      }
    }
    for (std::size_t at = text_.find("<<"); at != std::string_view::npos; at = text_.find("<<", at + 3)) {
      if (Letter(at + 2) == '<') {
        const std::size_t value = SkipBlanks(at + 3);
        AddIfSecret(value, WordEnd(text_, value, {}), Sensitivity::kStrong, "stdin", "");
      } else {
        TakeHereDocument(at + 2);
      }
    }
  }

  void TakePrinted(std::size_t at) {
    const std::size_t first = secrets_.size();
    while (IsBlank(Letter(at)) && Letter(at) != '\n') {
      at = SkipBlanks(at);
      const std::size_t end = WordEnd(text_, at, {});
      if (end == at) {
        break;
      }
      const std::string word = WithoutQuotes(text_.substr(at, end - at));
      const bool is_format = word.starts_with('-') || (word.starts_with("%s") && word.size() < 6);
      if (!is_format) {
        AddIfSecret(at, end, Sensitivity::kStrong, "stdin", "");
      }
      at = end;
    }
    if (Letter(at) != '|' || Letter(at + 1) == '|') {
      secrets_.resize(first);  // it goes to no other program
    }
  }

  void TakeHereDocument(std::size_t at) {
    at += Letter(at) == '-' ? 1 : 0;
    at = SkipBlanks(at);
    const std::size_t name_end = WordEnd(text_, at, {});
    const std::string name = "\n" + WithoutQuotes(text_.substr(at, name_end - at));
    const std::size_t line_end = text_.find('\n', name_end);
    if (name.size() == 1 || line_end == std::string_view::npos) {
      return;
    }
    const std::size_t end = std::min(text_.find(name, line_end), text_.size());
    if (end > line_end + 1) {
      Add(line_end + 1, end, "stdin", "");
    }
  }

  std::string_view text_;
  bool all_variables_;
  std::size_t at_ = 0;
  char quote_ = '\0';  // that is open at at_
  std::string_view program_;
  std::vector<Secret> secrets_;
};

}  // namespace

std::vector<Secret> FindSecrets(std::string_view text, bool all_variables) {
  return Scanner(text, all_variables).Scan();
}

std::string WithoutQuotes(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      plain += text[++at];
    } else if (!IsQuote(text[at])) {
      plain += text[at];
    }
  }
  return plain;
}

bool IsHarmlessValue(std::string_view value) {
  constexpr std::string_view kWords[] = {"",        "0",   "1",        "auto",     "basic", "default", "disabled",
                                         "enabled", "env", "false",    "file",     "no",    "none",    "null",
                                         "off",     "on",  "optional", "required", "true",  "yes"};
  constexpr std::string_view kRoots[] = {"/run/",  "/etc/", "/var/",     "/home/",  "/opt/", "/usr/", "/tmp/", "/mnt/",
                                         "/root/", "/srv/", "/secrets/", "/vault/", "/app/", "./",    "../",   "~/"};
  constexpr std::string_view kWhich[] = {"id=", "type=", "src=", "source="};
  const auto begins = [&](std::string_view start) { return value.starts_with(start); };
  const bool is_path =
      std::any_of(std::begin(kRoots), std::end(kRoots), begins) &&
      std::all_of(value.begin(), value.end(), [](char c) { return IsNameLetter(c) || c == '/' || c == '~'; });
  return is_path || std::find(std::begin(kWords), std::end(kWords), value) != std::end(kWords) ||
         std::any_of(std::begin(kWhich), std::end(kWhich), begins) || value.starts_with("[REDACTED") ||
         IsReference(value) || (value.starts_with('<') && value.ends_with('>')) ||
         value.find_first_not_of("*xX.") == std::string_view::npos;
}

}  // namespace safe_docker::audit

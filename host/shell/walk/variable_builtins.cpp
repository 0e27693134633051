// The part of the evaluator that knows the builtins which give variables values and attributes: declare and its like,
// unset, read, mapfile, printf -v, getopts, let.
#include <algorithm>
#include <charconv>
#include <string>

#include "evaluator.hpp"
#include "joined_words.hpp"
#include "values/read_fields.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostCallbacks = 16;

std::string Unknown() { return std::string(1, kUnknownPart); }

bool Has(std::string_view letters, char letter) { return letters.find(letter) != std::string_view::npos; }

// An option word's letters, read as getopt does.
struct Options {
  bool understood = true;
  std::string flags;  // of those without a value
  std::vector<std::pair<char, std::string>> values;
  std::size_t operands = 0;  // where they start

  const std::string* Find(char letter) const {
    const auto found =
        std::find_if(values.begin(), values.end(), [letter](const auto& each) { return each.first == letter; });
    return found == values.end() ? nullptr : &found->second;
  }
};

Options ReadOptions(const std::vector<Word>& words, std::string_view with_value) {
  Options options;
  std::size_t at = 1;
  for (; at < words.size() && words[at].text.size() > 1 && words[at].text[0] == '-'; ++at) {
    const std::string& word = words[at].text;
    options.understood = options.understood && !words[at].may_split && IsKnown(word);
    if (word == "--") {
      ++at;
      break;
    }
    for (std::size_t i = 1; i < word.size(); ++i) {
      if (!Has(with_value, word[i])) {
        options.flags.push_back(word[i]);
        continue;
      }
      const bool attached = i + 1 < word.size();
      const bool follows = at + 1 < words.size();
      options.understood = options.understood && (attached || follows);
      options.values.emplace_back(word[i],
                                  attached ? word.substr(i + 1) : (follows ? words[++at].text : std::string()));
      break;
    }
  }
  options.operands = std::min(at, words.size());
  options.understood =
      options.understood && std::none_of(words.begin(), words.end(), [](const Word& word) { return word.may_split; });
  return options;
}

std::optional<std::size_t> ToCount(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(count) : std::nullopt;
}

// name, name=value, name+=value, name[subscript]=value
struct Operand {
  std::string_view name;
  std::string_view reference;  // the name with its subscript
  bool has_value = false;
  bool append = false;
  std::string_view value;
};

Operand ReadOperand(std::string_view word) {
  Operand operand;
  const std::size_t bracket = word.find('[');
  std::size_t equals = word.find('=');
  if (bracket != word.npos && bracket < equals) {
    const std::size_t close = std::min(word.find("]=", bracket), word.find("]+=", bracket));
    equals = close == word.npos ? word.npos : word.find('=', close);
  }
  operand.has_value = equals != word.npos;
  operand.value = operand.has_value ? word.substr(equals + 1) : std::string_view();
  std::string_view before = word.substr(0, equals);
  operand.append = operand.has_value && before.ends_with('+');
  before.remove_suffix(operand.append ? 1 : 0);
  operand.reference = before;
  operand.name = SplitReference(before).first;
  return operand;
}

// The letters that `declare` sets and unsets.
void ApplyAttributes(std::string_view on, std::string_view off, ShellVariable* variable) {
  const auto set = [&](char letter, bool* flag) { *flag = (*flag || Has(on, letter)) && !Has(off, letter); };
  set('i', &variable->is_integer);
  set('n', &variable->is_reference);
  set('x', &variable->exported);
  for (const char letter : {'u', 'l', 'c'}) {
    if (Has(off, letter) && variable->letter_case == letter) {
      variable->letter_case = '\0';
    }
    variable->letter_case = Has(on, letter) ? letter : variable->letter_case;
  }
  if (Has(on, 'a') || Has(on, 'A')) {
    MakeArray(variable, Has(on, 'A'));
  }
}

bool MatchesNothingButNames(std::string_view flags) { return Has(flags, 'f') || Has(flags, 'F') || Has(flags, 'p'); }

}  // namespace

// What hides behind a new local variable of that name, so that it comes back when the function returns.
void Evaluator::MakeLocal(std::string_view name) {
  auto& frame = locals_.back();
  const bool again = std::any_of(frame.begin(), frame.end(), [name](const auto& each) { return each.first == name; });
  const ShellVariable* old = state_.Find(name);
  if (again || !Spend(1 + frame.size() / 32) || (old != nullptr && old->readonly == Setting::kOn)) {
    return;
  }
  frame.emplace_back(std::string(name), old == nullptr ? std::nullopt : std::optional(*old));
  ShellVariable fresh;
  fresh.exported = state_.export_all || state_.Get(name).exported;
  state_.Restore(name, fresh);
}

void Evaluator::Declare(const Words& words) {
  const std::string_view command = words[0].text;
  const bool is_local = command == "local";
  if (is_local && locals_.empty()) {
    return;  // bash refuses it outside of functions
  }
  const bool is_declare = command == "declare" || command == "typeset";
  std::string on = command == "export" ? "x" : (command == "readonly" ? "r" : "");
  std::string off;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    if (word.size() > 1 && (word[0] == '-' || word[0] == '+') && word != "--") {
      (word[0] == '-' ? on : off).append(word, 1);
      if (command == "export" && Has(word, 'n')) {
        on.clear();
        off = "x";
      }
      continue;
    }
    if (!MatchesNothingButNames(on)) {
      DeclareOperand(words[i], on, off, (is_local || (is_declare && !Has(on, 'g'))) && !locals_.empty());
    }
  }
}

void Evaluator::DeclareOperand(const Word& word, std::string_view on, std::string_view off, bool local) {
  const Operand operand = ReadOperand(word.text);
  if (operand.name.empty()) {
    if (word.text.find_first_of("$`") != std::string::npos && word.text.find('[') != std::string::npos) {
      NoteComputed(word.text);
    }
    return;
  }
  const std::size_t mentions = mentions_;
  const std::string name(operand.name);
  NoteAssigned(name);
  if (local) {
    MakeLocal(name);
  }
  ShellVariable variable = state_.Get(name);
  const bool frozen = variable.readonly == Setting::kOn;
  const bool references = Has(on, 'n') && !frozen;
  if (!frozen && (on.find_first_of("iulcnaA") != on.npos || off.find_first_of("iulcnx") != off.npos)) {
    ApplyAttributes(on, off, &variable);
    if (references) {
      variable.value = operand.has_value ? std::string(operand.value) : variable.value;
      variable.state = operand.has_value ? KnownOrNot(variable.value).state : variable.state;
    }
    state_.Restore(name, variable);
  }
  if (operand.has_value && !references) {
    DeclareValue(word, operand.reference, operand.value, operand.append);
  }
  if (Has(on, 'x')) {
    state_.Export(name);
  }
  if (Has(on, 'r')) {
    ShellVariable fixed = state_.Get(name);
    fixed.readonly = Setting::kOn;
    state_.Restore(name, std::move(fixed));
  }
  NoteValue(name, word.written, mentions);
}

void Evaluator::DeclareValue(const Word& word, std::string_view reference, std::string_view value, bool append) {
  const auto elements = std::find_if(declared_elements_.rbegin(), declared_elements_.rend(),
                                     [&word](const auto& each) { return each.first == word.written; });
  const bool is_literal = value.size() == 1 && value[0] == kUnknownPart && word.written.ends_with(')');
  if (is_literal && elements != declared_elements_.rend() && reference.find('[') == reference.npos) {
    expander_.AssignElements(reference, elements->second, append);
  } else {
    expander_.AssignTo(reference, std::string(value), append);
  }
}

void Evaluator::UnsetNames(const Words& words) {
  const Options options = ReadOptions(words, "");
  const bool functions = Has(options.flags, 'f');
  for (std::size_t i = options.operands; i < words.size(); ++i) {
    const std::string name = words[i].text.substr(0, words[i].text.find('['));
    if (functions) {
      state_.functions.erase(name);
      continue;
    }
    if (Has(options.flags, 'n')) {
      NoteAssigned(name);
      state_.Unset(name);
      continue;
    }
    // What an outer function's local variable hides comes into sight.
    const bool of_outer =
        !locals_.empty() && std::any_of(locals_.begin(), locals_.end() - 1, [&name](const auto& frame) {
          return std::any_of(frame.begin(), frame.end(), [&name](const auto& each) { return each.first == name; });
        });
    expander_.UnsetReference(words[i].text);
    if (of_outer) {
      state_.Restore(name, UnknownVariable());
    }
    // Without -v a function of that name goes where no variable has it.
    if (const auto found = state_.functions.find(name); found != state_.functions.end() && name == words[i].text) {
      found->second.push_back(nullptr);
    }
  }
}

// The text that a command reads with -u or without; null if it is not known.
std::string* Evaluator::ReadFrom(const Streams& streams, const std::string* descriptor) {
  if (descriptor == nullptr || *descriptor == "0") {
    return InputOf(streams);
  }
  const std::optional<std::size_t> number = ToCount(*descriptor);
  const auto found = number && *number < 1000 ? descriptors_.find(static_cast<int>(*number)) : descriptors_.end();
  return found == descriptors_.end() ? nullptr : found->second.input;
}

// Text that was read where it is not certain that the reading happens: what is left is not known then.
void Evaluator::NoteRead(const Streams& streams, std::string* input) {
  if (uncertain_ > streams.opened_at && input != nullptr) {
    *input = Unknown();
  }
}

void Evaluator::GiveRead(std::string_view reference, std::string value) {
  const auto [name, subscript] = SplitReference(reference);
  read_names_.insert(std::string(name.empty() ? reference : name));
  expander_.AssignTo(reference, std::move(value), false);
  if (!name.empty()) {
    NoteCode(name, state_.Get(name));
  }
}

void Evaluator::ReadVariables(const Words& words, const Streams& streams) {
  const Options options = ReadOptions(words, "adinNptu");
  const std::string* array = options.Find('a');
  std::string* input = ReadFrom(streams, options.Find('u'));
  ReadRequest request;
  request.raw = Has(options.flags, 'r');
  request.separators = state_.Find("IFS");
  if (const std::string* delimiter = options.Find('d'); delimiter != nullptr) {
    request.delimiter = delimiter->empty() ? '\0' : (*delimiter)[0];
  }
  const std::string* most = options.Find('n') != nullptr ? options.Find('n') : options.Find('N');
  request.exactly = options.Find('N') != nullptr;
  request.most = most == nullptr ? std::string::npos : ToCount(*most).value_or(0);
  const std::size_t names = words.size() - options.operands;
  request.fields = array != nullptr ? 0 : names;
  request.whole_line = array == nullptr && names == 0;
  const bool known = options.understood && (most == nullptr || request.most > 0) && options.Find('t') == nullptr;
  std::optional<std::vector<std::string>> fields;
  if (input != nullptr && known && Spend(1 + input->size() / 32)) {
    fields = ReadFields(request, input);
    NoteRead(streams, input);
  } else if (input != nullptr) {
    *input = Unknown();
  }
  if (array != nullptr) {
    ShellVariable variable = fields ? ShellVariable() : UnknownVariable();
    MakeArray(&variable, false);
    for (std::size_t i = 0; fields && i < fields->size(); ++i) {
      SetElement(&variable, static_cast<std::int64_t>(i), (*fields)[i]);
    }
    GiveArray(*array, std::move(variable), fields.has_value());
    return;
  }
  if (names == 0) {
    GiveRead("REPLY", fields ? fields->front() : Unknown());
  }
  for (std::size_t i = 0; i < names; ++i) {
    const std::string& name = words[options.operands + i].text;
    GiveRead(name, fields ? (*fields)[i] : Unknown());
  }
}

void Evaluator::GiveArray(std::string_view name, ShellVariable array, bool known) {
  if (SplitReference(name).first.empty() || SplitReference(name).second) {
    return;
  }
  NoteAssigned(name);
  read_names_.insert(std::string(name));
  if (!known) {
    array = UnknownVariable();
    array.is_array = true;
  }
  state_.Set(expander_.ResolvedName(name), std::move(array));
}

// mapfile and readarray
void Evaluator::MapLines(const Words& words, const Streams& streams) {
  const Options options = ReadOptions(words, "dnOsuCc");
  std::string* input = ReadFrom(streams, options.Find('u'));
  const std::string name = options.operands < words.size() ? words[options.operands].text : "MAPFILE";
  const auto count = [&options](char letter) {
    const std::string* text = options.Find(letter);
    return text == nullptr ? std::optional<std::size_t>(0) : ToCount(*text);
  };
  const std::optional<std::size_t> most = count('n');
  const std::optional<std::size_t> skipped = count('s');
  const bool known = input != nullptr && IsKnown(*input) && options.understood && most && skipped &&
                     options.Find('O') == nullptr && Spend(1 + input->size() / 8);
  const std::string* delimiter = options.Find('d');
  const char end = delimiter == nullptr ? '\n' : (delimiter->empty() ? '\0' : (*delimiter)[0]);
  ShellVariable array;
  MakeArray(&array, false);
  std::size_t begin = 0;
  for (std::size_t line = 0; known && begin < input->size() && (*most == 0 || array.elements.size() < *most); ++line) {
    const std::size_t at = input->find(end, begin);
    const std::size_t size = (at == std::string::npos ? input->size() : at + 1) - begin;
    const bool cut = at != std::string::npos && Has(options.flags, 't');
    if (line >= *skipped) {
      SetElement(&array, static_cast<std::int64_t>(line - *skipped), input->substr(begin, size - (cut ? 1 : 0)));
    }
    begin += size;
  }
  if (known) {
    input->erase(0, begin);
  }
  NoteRead(streams, input);
  if (const std::string* callback = options.Find('C'); callback != nullptr) {
    const std::size_t calls = known ? std::min(array.elements.size(), kMostCallbacks) : 2;
    for (std::size_t i = 0; i < calls; ++i) {
      const std::string line = known ? Quoted({array.elements[i].value, {}, false, {}}) : "\"$REPLY\"";
      RunText(*callback + " " + (known ? std::to_string(i) : "$RANDOM") + " " + line, {});
    }
  }
  GiveArray(name, std::move(array), known);
}

// printf -v name format arguments. False if `words` is another printf.
bool Evaluator::PrintToVariable(const Words& words) {
  if (words.size() < 3 || !words[1].text.starts_with("-v")) {
    return false;
  }
  const bool attached = words[1].text.size() > 2;
  const std::string reference = attached ? words[1].text.substr(2) : words[2].text;
  Words rest = {words[0]};
  rest.insert(rest.end(), words.begin() + (attached ? 2 : 3), words.end());
  ToolContext context;
  context.cwd = state_.cwd;
  context.files = &files_;
  context.is_bash = state_.is_bash && state_.options.xpg_echo == Setting::kOff;
  const std::size_t mentions = mentions_ - (names_.MentionedIn(JoinedText(words, 1)) ? 1 : 0);
  expander_.AssignTo(reference, OutputOf(rest, context).value_or(Unknown()), false);
  if (const std::string_view name = SplitReference(reference).first; !name.empty()) {
    NoteValue(name, words[1].written, mentions);
  }
  return true;
}

// What OPTIND has got to is not followed: which option comes next is not known.
void Evaluator::GetOption(const Words& words) {
  for (const std::string_view name : {words.size() > 2 ? std::string_view(words[2].text) : std::string_view("OPTARG"),
                                      std::string_view("OPTARG"), std::string_view("OPTIND")}) {
    if (!SplitReference(name).first.empty()) {
      read_names_.insert(std::string(name));
      expander_.AssignTo(name, Unknown(), false);
    }
  }
}

}  // namespace safe_docker::shell

// Calls of docker by each way in which a simple command can be put together.
#include <utility>

#include "generator.hpp"
#include "quoting.hpp"

namespace safe_docker::oracle {
namespace {

const std::vector<std::string> kDangerous[] = {
    {"run", "--privileged", "img"},
    {"run", "-v", "/:/x", "img"},
    {"run", "--privileged", "img", "sh", "-c", "echo 'a b'"},
    {"run", "-v", "/:/x", "--rm", "my img"},
    {"run", "--privileged", "-e", "A=$x \"y\"", "img"},
};
const std::vector<std::string> kHarmless[] = {{"ps"}, {"ps", "-a"}, {"logs", "web"}};

std::string Joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? std::string() : std::string(separator)) + word;
  }
  return text;
}

// Other programs in the place of docker and its like.
std::string WithHarmlessNames(std::string text) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"docker", "walker"}, {"podman", "tailor"}, {"nerdctl", "printer"}};
  for (const auto& [name, other] : kNames) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
      text.replace(at, name.size(), other);
    }
  }
  return text;
}

// Words without blanks or quotes: what can be split again.
std::vector<std::string> PlainWords(Choices* choices) { return kDangerous[choices->Draw(2)]; }

}  // namespace

std::vector<std::string> Generator::CallWords() {
  if (choices_->OneIn(10)) {
    return kHarmless[choices_->Draw(static_cast<std::uint32_t>(std::size(kHarmless)))];
  }
  return kDangerous[choices_->Draw(static_cast<std::uint32_t>(std::size(kDangerous)))];
}

std::string Generator::ProgramName() {
  const std::string name = choices_->OneOf({"docker", "docker", "docker", "podman", "nerdctl"});
  const std::string path = choices_->OneIn(8) ? "/usr/bin/" + name : name;
  return subject_ == Subject::kHarmless ? WithHarmlessNames(path) : path;
}

std::string Generator::WithSetup(const std::string& call) {
  std::string text = setup_ + call;
  setup_.clear();
  return text;
}

std::string Generator::PlainCall() {
  std::string line = Word(ProgramName());
  for (const std::string& word : CallWords()) {
    line += " " + Word(word);
  }
  if (choices_->OneIn(8)) {
    line += " " + UnknownWord("tag");
  }
  constexpr const char* kRedirections[] = {" >/dev/null", " 2>&1", " </dev/null", " &>out.txt", " >> out.txt"};
  if (!is_posix_ && choices_->OneIn(10)) {
    line += kRedirections[choices_->Draw(5)];
  }
  return line;
}

std::string Generator::SplitCall() {
  const std::string name = NewName("v");
  const std::string words = Joined(PlainWords(choices_), choices_->Draw(2) == 0 ? " " : "  ");
  switch (choices_->Draw(4)) {
    case 0:
      Setup(name + "=" + Quote(words));
      return Word(subject_ == Subject::kHarmless ? "walker" : "docker") + " $" + name;
    case 1:
      Setup(name + "=" + Quote("docker " + words));
      return "$" + name;
    case 2:
      Setup(name + "=$(echo " + Quote(words) + ")");
      return "docker ${" + name + "}";
    default:
      return "docker $(echo " + Quote(words) + ")";
  }
}

std::string Generator::ArrayCall() {
  const std::string name = NewName("a");
  std::string list;
  for (const std::string& word : CallWords()) {
    list += " " + Word(word);
  }
  switch (choices_->Draw(4)) {
    case 0:
      Setup(name + "=(docker" + list + ")");
      return "\"${" + name + "[@]}\"";
    case 1:
      Setup(name + "=(" + list + ")");
      return "docker \"${" + name + "[@]}\"";
    case 2:
      Setup(name + "=()\n" + name + "+=(x" + list + ")");
      return "docker \"${" + name + "[@]:1}\"";
    default:
      Setup("declare -a " + name + "=(" + list + ")\nb" + name + "=(\"${" + name + "[@]}\")");
      return "docker \"${b" + name + "[@]}\"";
  }
}

std::string Generator::PositionalCall() {
  uses_positional_ = true;
  std::string list;
  for (const std::string& word : CallWords()) {
    list += " " + Word(word);
  }
  switch (choices_->Draw(3)) {
    case 0:
      Setup("set --" + list);
      return "docker \"$@\"";
    case 1:
      Setup("set -- docker" + list);
      return "\"$@\"";
    default:
      Setup("set -- x y" + list + "\nshift 2");
      return "docker \"$@\"";
  }
}

std::string Generator::FunctionCall() {
  uses_positional_ = true;
  const std::string name = NewName("f");
  std::string list;
  for (const std::string& word : CallWords()) {
    list += " " + Word(word);
  }
  switch (choices_->Draw(is_posix_ ? 3 : 6)) {
    case 0:
      return name + "() { docker \"$@\"; }\n" + name + list;
    case 1:
      return name + "() { \"$@\"; }\n" + name + " docker" + list;
    case 2:
      return name + "() {\n  shift\n  " + name + "x \"$@\"\n}\n" + name + "x() { docker \"$@\"; }\n" + name + " y" +
             list;
    case 3:
      return name + "() { local -a a=(\"$@\"); docker \"${a[@]}\"; }\n" + name + list;
    case 4:
      return "function " + name + " { local c=$1; shift; $c \"$@\"; }\n" + name + " docker" + list;
    default:
      return name + "() { docker \"$1\" \"${@:2}\"; }\n" + name + list;
  }
}

std::string Generator::AliasCall() {
  const std::string name = NewName("d");
  const std::string option = is_posix_ ? "" : "shopt -s expand_aliases\n";
  switch (choices_->Draw(3)) {
    case 0:
      return option + "alias " + name + "=docker\n" + name + " run --privileged img";
    case 1:
      return option + "alias " + name + "='docker run'\n" + name + " --privileged img";
    default:
      return option + "alias " + name + "='command ' dd=docker\n" + name + " dd run --privileged img";
  }
}

std::string Generator::RunnerCall() {
  const std::vector<std::string> runners = {
      "command",         "env",          "sudo",        "env X=1",         "nohup",     "nice -n 5",   "timeout 5",
      "stdbuf -o0",      "setsid -w",    "env -u X",    "timeout -k 1 5",  "sudo -u u", "ionice -c 3", "command -p",
      "sudo -E env Y=2", "env -- nice",  "chrt -o 0",   "xargs -r -0 env", "doas",      "time -p",     "sudo X=1",
      "exec -a name",    "builtin eval", "builtin exec"};
  const std::string runner = choices_->OneOf(runners);
  if (runner.starts_with("xargs")) {
    return "printf '\\0' | " + runner + " docker run --privileged img";
  }
  const bool is_of_bash = runner.starts_with("exec") || runner.starts_with("builtin") || runner.starts_with("time -p");
  if (is_of_bash && is_posix_) {
    return PlainCall();
  }
  return "(" + runner + " docker run " + (choices_->Draw(2) == 0 ? "--privileged" : "-v /:/x") + " " + Word("img") +
         ")";
}

std::string Generator::XargsCall() {
  switch (choices_->Draw(7)) {
    case 0:
      return "echo img | xargs docker run --privileged";
    case 1:
      return "echo 'run --privileged img' | xargs docker";
    case 2:
      return "printf '%s\\n' one two | xargs -n1 docker run --privileged";
    case 3:
      return "printf 'img\\0' | xargs -0 -I{} docker run --privileged {}";
    case 4:
      return "xargs -a names.txt -n 1 docker run -v /:/x";
    case 5:
      return "echo img | xargs -I % sh -c 'docker run --privileged %'";
    default:
      return "echo docker run --privileged img | xargs " + choices_->OneOf({"env", "sudo", "nice"});
  }
}

std::string Generator::FindCall() {
  switch (choices_->Draw(4)) {
    case 0:
      return "find . -name names.txt -exec docker run --privileged {} \\;";
    case 1:
      return "find sub -type f -exec docker run --privileged img {} +";
    case 2:
      return "find . -maxdepth 1 -name '*.txt' -execdir docker run --privileged img \";\"";
    default:
      return "find sub -name a.txt -print0 | xargs -0 docker run -v /:/x";
  }
}

std::string Generator::LoopCall() {
  const std::string name = NewName("i");
  switch (choices_->Draw(is_posix_ ? 3 : 6)) {
    case 0:
      return "for " + name + " in img other; do docker run --privileged $" + name + "; done";
    case 1:
      return "for " + name + " in " + Word("run") + "; do docker \"$" + name + "\" --privileged img; done";
    case 2:
      return "set -- one two\nfor " + name + " do docker run --privileged \"$" + name + "\"; done";
    case 3:
      return "for " + name + " in *.txt; do docker run --privileged \"$" + name + "\"; done";
    case 4:
      return "for ((" + name + "=1;" + name + "<3;" + name + "++)); do docker run --privileged img$" + name + "; done";
    default:
      return "for " + name + " in {1..3}; do docker run -v /:/x img$" + name + "; done";
  }
}

std::string Generator::ReadLoopCall() {
  const std::string name = NewName("r");
  const std::string loop = "while read -r " + name + "; do docker run --privileged \"$" + name + "\"; done";
  const std::string delimiter = NewName("E");
  switch (choices_->Draw(is_posix_ ? 3 : 6)) {
    case 0:
      return loop + " < names.txt";
    case 1:
      return "cat names.txt | " + loop;
    case 2:
      return loop + " <<" + delimiter + "\none\ntwo\n" + delimiter;
    case 3:
      return loop + " < <(printf '%s\\n' one two)";
    case 4:
      return "mapfile -t " + name + " < names.txt\nfor x in \"${" + name +
             "[@]}\"; do docker run --privileged $x; done";
    default:
      return "while IFS= read -r " + name + "; do eval \"$" + name + "\"; done < commands.txt";
  }
}

std::string Generator::SeparatorCall() {
  const std::string name = NewName("v");
  const std::string separator = choices_->OneOf({",", ":", "+"});
  const std::vector<std::string> words = {"run", "--privileged", "img"};
  switch (choices_->Draw(3)) {
    case 0:
      return "IFS=" + separator + "\n" + name + "=" + Joined(words, separator) + "\ndocker $" + name + "\nunset IFS";
    case 1:
      return "(IFS=" + separator + "; " + name + "=docker" + separator + Joined(words, separator) + "; $" + name + ")";
    default:
      return "IFS=' '\nset -- " + Joined(words, " ") + "\n" + name + "=\"$*\"\ndocker $" + name + "\nunset IFS";
  }
}

std::string Generator::BraceCall() {
  switch (choices_->Draw(4)) {
    case 0:
      return "{docker,run,--privileged,img}";
    case 1:
      return "docker run {--privileged,--rm} img{1,2}";
    case 2:
      return "{,docker} run --privileged " + Word("img");
    default:
      return "d{ocker,}\\\n run --privileged img || docker run -{-privileged,it} img";
  }
}

std::string Generator::GlobCall() {
  switch (choices_->Draw(5)) {
    case 0:
      return "/usr/bin/dock?r run --privileged img";
    case 1:
      return "/usr/*/docke[r] run --privileged img";
    case 2:
      return "docker run --privileged nam*.txt";
    case 3:
      return "docker run -v /:/x [a-n]*.sh " + Word("img");
    default:
      return "docker run --privileged ~/x ~+/y \"$HOME\" $PWD";
  }
}

std::string Generator::OddCall() {
  const std::string name = NewName("h");
  switch (choices_->Draw(9)) {
    case 0:
      return "hash -p /usr/local/bin/docker " + name + "\n" + name + " run --privileged img";
    case 1:
      return "shopt -s expand_aliases\nBASH_ALIASES[" + name + "]=docker\n" + name + " run --privileged img";
    case 2:
      return "command_not_found_handle() { docker run --privileged img; }\n" + name + "_missing";
    case 3:
      return "mapfile -C 'docker run --privileged' -c 1 " + name + " < names.txt";
    case 4:
      return "compgen -C 'docker run --privileged img' x";
    case 5:
      return name + "='a[$(docker run --privileged img)]'\n(( " + name + " ))";
    case 6:
      return name + "='$(docker run --privileged img)'\n: \"${" + name + "@P}\"";
    case 7:
      return "ln -s /usr/bin/docker " + name + "\n./" + name + " run --privileged img";
    default:
      return "cp \"$(command -v docker)\" /tmp/" + name + "\n/tmp/" + name + " run --privileged img";
  }
}

std::string Generator::EnvironmentCall() {
  const std::string call = "docker run --privileged " + Word("img");
  switch (choices_->Draw(6)) {
    case 0:
      return "DOCKER_HOST=tcp://other:2375 " + call;
    case 1:
      return "export DOCKER_HOST=tcp://" + Word("other") + ":2375\n" + call + "\nunset DOCKER_HOST";
    case 2:
      return "HOME=/tmp docker run -v ~:/y img";
    case 3:
      return "env DOCKER_CONTEXT=other " + call;
    case 4:
      return "(HOME=/tmp; export HOME; cd; " + call + ")";
    default:
      return "COMPOSE_FILE=other.yml docker compose up";
  }
}

std::string Generator::OtherLanguageCall() {
  const std::string call = "docker run --privileged img";
  switch (choices_->Draw(6)) {
    case 0:
      return "awk 'BEGIN { system(\"" + call + "\") }'";
    case 1:
      return "perl -e 'system(\"" + call + "\")'";
    case 2:
      return "perl -e 'exec qw(" + call + ")'";
    case 3:
      return "printf 'all:\\n\\t@" + call + "\\n' | make -s -f -";
    case 4:
      return "echo x | sed 's/.*/" + call + "/e'";
    default:
      return "make -s run";
  }
}

std::string Generator::Call() {
  constexpr Construct kCalls[] = {{&Generator::PlainCall, 30, true},       {&Generator::SplitCall, 5, true},
                                  {&Generator::PositionalCall, 5, true},   {&Generator::FunctionCall, 6, true},
                                  {&Generator::RunnerCall, 5, true},       {&Generator::XargsCall, 3, true},
                                  {&Generator::FindCall, 2, true},         {&Generator::LoopCall, 4, true},
                                  {&Generator::SeparatorCall, 2, true},    {&Generator::EnvironmentCall, 3, true},
                                  {&Generator::AliasCall, 2, true},        {&Generator::ArrayCall, 6, false},
                                  {&Generator::ReadLoopCall, 3, true},     {&Generator::BraceCall, 2, false},
                                  {&Generator::GlobCall, 2, false},        {&Generator::OddCall, 2, false},
                                  {&Generator::OtherLanguageCall, 1, true}};
  const std::string outer = std::move(setup_);
  setup_.clear();
  uses_positional_ = false;
  std::string text = WithSetup(Pick(std::begin(kCalls), std::end(kCalls)));
  setup_ = outer;
  return subject_ == Subject::kHarmless ? WithHarmlessNames(std::move(text)) : text;
}

}  // namespace safe_docker::oracle

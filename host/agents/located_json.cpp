#include "agents/located_json.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace safe_docker::agents {
namespace {

using Json = nlohmann::json;

// Nobody nests settings deeper; whoever does wants to exhaust the stack of readers that recurse.
constexpr std::size_t kDeepest = 100;

// How far the parser has read: an iterator is copied, so the line is counted elsewhere.
struct Progress {
  std::uint32_t line = 1;
};

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, Progress* progress) : at_(at), progress_(progress) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    progress_->line += *at_ == '\n' ? 1U : 0U;
    ++at_;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  Progress* progress_;
};

// Notes the line of each value, and nothing else.
class LineRecorder : public nlohmann::json_sax<Json> {
 public:
  LineRecorder(const Progress& progress, LocatedJson* result) : progress_(progress), result_(*result) {}

  bool null() override { return Value(); }
  bool boolean(bool) override { return Value(); }
  bool number_integer(number_integer_t) override { return Value(); }
  bool number_unsigned(number_unsigned_t) override { return Value(); }
  bool number_float(number_float_t, const string_t&) override { return Value(); }
  bool string(string_t&) override { return Value(); }
  bool binary(binary_t&) override { return Value(); }
  bool start_object(std::size_t) override { return Open(/*is_list=*/false); }
  bool start_array(std::size_t) override { return Open(/*is_list=*/true); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    open_.back().step = PointerStep(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    const std::string_view message = error.what();
    // "[json.exception.parse_error.101] parse error at line 3, column 5: syntax error while ...": the rest is ours.
    const std::size_t colon = message.find(": ");
    result_.problem = message.substr(colon == std::string_view::npos ? 0 : colon + 2);
    result_.problem_line = progress_.line;
    return false;
  }

 private:
  struct Container {
    std::string pointer;
    bool is_list = false;
    std::size_t index = 0;
    std::string step;  // of an object: the key that was read last
  };

  // Where the value that begins now stands.
  std::string Here() {
    if (open_.empty()) {
      return "";
    }
    Container& inner = open_.back();
    return inner.pointer + "/" + (inner.is_list ? std::to_string(inner.index++) : inner.step);
  }
  bool Value() {
    result_.lines.insert_or_assign(Here(), progress_.line);
    return true;
  }
  bool Open(bool is_list) {
    if (open_.size() == kDeepest) {
      result_.problem = "nested more than " + std::to_string(kDeepest) + " deep";
      result_.problem_line = progress_.line;
      return false;
    }
    std::string here = Here();
    result_.lines.insert_or_assign(here, progress_.line);
    open_.push_back({std::move(here), is_list, 0, {}});
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  const Progress& progress_;
  LocatedJson& result_;
  std::vector<Container> open_;
};

bool Record(std::string_view text, bool with_comments, LocatedJson* result) {
  result->lines.clear();
  result->problem.clear();
  Progress progress;
  LineRecorder recorder(progress, result);
  return Json::sax_parse(CountingIterator(text.data(), &progress),
                         CountingIterator(text.data() + text.size(), &progress), &recorder,
                         nlohmann::detail::input_format_t::json, /*strict=*/true, with_comments);
}

}  // namespace

std::string PointerStep(std::string_view key) {
  std::string step;
  for (const char letter : key) {
    step += letter == '~' ? "~0" : letter == '/' ? "~1" : std::string(1, letter);
  }
  return step;
}

std::uint32_t LocatedJson::LineOf(const std::string& pointer) const {
  const auto found = lines.find(pointer);
  return found == lines.end() ? 0 : found->second;
}

LocatedJson ReadLocatedJson(std::string_view text) {
  LocatedJson result;
  if (!Record(text, /*with_comments=*/false, &result)) {
    LocatedJson commented;
    result.has_comments = Record(text, /*with_comments=*/true, &commented);
    if (!result.has_comments) {
      result.value = Json(Json::value_t::discarded);
      return result;
    }
    result.lines = std::move(commented.lines);
    result.problem.clear();
    result.problem_line = 0;
  }
  result.value = Json::parse(text, nullptr, /*allow_exceptions=*/false, /*ignore_comments=*/true);
  return result;
}

}  // namespace safe_docker::agents

#include "call_log.hpp"

#include <algorithm>
#include <charconv>

#include "stub_log.hpp"

namespace safe_docker::oracle {
namespace {

class Fields {
 public:
  explicit Fields(std::string_view log) : left_(log) {}

  bool AtEnd() const { return left_.empty(); }

  std::string_view Next() {
    std::size_t size = 0;
    const auto [end, problem] = std::from_chars(left_.data(), left_.data() + left_.size(), size);
    const std::size_t start = static_cast<std::size_t>(end - left_.data()) + 1;
    if (problem != std::errc() || start > left_.size() || size > left_.size() - start) {
      left_ = {};
      return {};
    }
    const std::string_view field = left_.substr(start, size);
    left_.remove_prefix(start + size);
    return field;
  }

  std::optional<std::string> NextOptional() {
    const std::string_view field = Next();
    return field.empty() ? std::nullopt : std::optional<std::string>(field.substr(1));
  }

 private:
  std::string_view left_;
};

}  // namespace

std::vector<Call> ParseCallLog(std::string_view log) {
  std::vector<Call> calls;
  Fields fields(log);
  while (!fields.AtEnd()) {
    Call call;
    call.name = fields.Next();
    const std::string_view count = fields.Next();
    std::size_t words = 0;
    std::from_chars(count.data(), count.data() + count.size(), words);
    for (std::size_t i = 0; i < words && !fields.AtEnd(); ++i) {
      call.words.emplace_back(fields.Next());
    }
    call.cwd = fields.Next();
    for (const char* variable : kRecordedVariables) {
      call.environment[variable] = fields.NextOptional();
    }
    call.standard_input = fields.NextOptional();
    calls.push_back(std::move(call));
  }
  std::sort(calls.begin(), calls.end());
  calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
  return calls;
}

}  // namespace safe_docker::oracle

// Comma-separated records: what is read, written out again with every field quoted, reads the same.
#include "command_lines.hpp"
#include "docker/csv.hpp"
#include "invariants.hpp"

namespace safe_docker::fuzz {
namespace {

std::string Quote(const std::vector<std::string>& fields) {
  std::string record;
  for (const std::string& field : fields) {
    record += record.empty() ? "\"" : ",\"";
    for (const char letter : field) {
      record += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    }
    record += '"';
  }
  return record;
}

void Check(const std::string& text) {
  const std::optional<std::vector<std::string>> fields = docker::ReadCsvRecord(text);
  const std::optional<std::vector<docker::KeyValue>> pairs = docker::ReadCsvKeyValues(text);
  Require(fields.has_value() == pairs.has_value(), "a record has fields and pairs, or neither");
  if (!fields) {
    return;
  }
  Require(fields->size() == pairs->size(), "there is one pair a field");
  Require(docker::ReadCsvRecord(Quote(*fields)) == fields, "a record that is quoted reads the same");
}

}  // namespace
}  // namespace safe_docker::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  safe_docker::fuzz::Check(safe_docker::fuzz::TextOf(data, size));
  return 0;
}

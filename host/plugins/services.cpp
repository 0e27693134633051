#include "plugins/services.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <limits>
#include <optional>
#include <utility>

#include "diagnostics.hpp"
#include "file_system.hpp"
#include "plugins/text.hpp"

namespace safe_docker::plugins {
namespace {

constexpr std::uint64_t kLargestFile = 64 * 1024 * 1024;
constexpr std::size_t kLongestLogLine = 4096;

Services& Self(void* context) { return *static_cast<Services*>(context); }

diagnostics::Level LevelOf(std::int32_t level) {
  switch (level) {
    case SDP_LOG_DEBUG:
      return diagnostics::Level::kDebug;
    case SDP_LOG_INFO:
      return diagnostics::Level::kInfo;
    case SDP_LOG_WARNING:
      return diagnostics::Level::kWarning;
    default:
      return diagnostics::Level::kError;
  }
}

std::uint32_t PathFlags(ResolvedPath::Kind kind) {
  switch (kind) {
    case ResolvedPath::Kind::kMissing:
      return 0;
    case ResolvedPath::Kind::kRegular:
      return SDP_PATH_EXISTS | SDP_PATH_REGULAR;
    case ResolvedPath::Kind::kDirectory:
      return SDP_PATH_EXISTS | SDP_PATH_DIRECTORY;
    case ResolvedPath::Kind::kSocket:
      return SDP_PATH_EXISTS | SDP_PATH_SOCKET;
    case ResolvedPath::Kind::kBlockDevice:
    case ResolvedPath::Kind::kCharacterDevice:
      return SDP_PATH_EXISTS | SDP_PATH_DEVICE;
    case ResolvedPath::Kind::kOther:
      break;
  }
  return SDP_PATH_EXISTS;
}

// Fills `value` from a setting; false if it is of a type that settings do not have.
bool FillValue(const nlohmann::json& setting, sdp_value* value) {
  value->integer = 0;
  value->text = {};
  switch (setting.type()) {
    case nlohmann::json::value_t::string:
      value->kind = SDP_VALUE_STRING;
      value->text = Lend(setting.get_ref<const std::string&>());
      return true;
    case nlohmann::json::value_t::boolean:
      value->kind = SDP_VALUE_BOOLEAN;
      value->integer = setting.get<bool>() ? 1 : 0;
      return true;
    case nlohmann::json::value_t::number_unsigned:
      if (setting.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return false;
      }
      [[fallthrough]];
    case nlohmann::json::value_t::number_integer:
      value->kind = SDP_VALUE_INTEGER;
      value->integer = setting.get<std::int64_t>();
      return true;
    case nlohmann::json::value_t::array:
    case nlohmann::json::value_t::object:
      value->kind = setting.is_array() ? SDP_VALUE_LIST : SDP_VALUE_TABLE;
      value->integer = static_cast<std::int64_t>(setting.size());
      return true;
    default:
      return false;
  }
}

}  // namespace

Services::Services(std::string id, nlohmann::json settings)
    : id_(std::move(id)), settings_(std::move(settings)), raw_() {
  raw_.size = sizeof raw_;
  raw_.abi_minor = SDP_ABI_MINOR;
  raw_.context = this;
  raw_.version = Lend(SAFE_DOCKER_VERSION);
  raw_.log = &Log;
  raw_.resolve_path = &ResolvePath;
  raw_.read_file = &ReadFile;
  raw_.environment = &GetEnvironment;
  raw_.setting = &Setting;
  raw_.settings_json = &SettingsJson;
  raw_.extension = &Extension;
}

void Services::EndCall() {
  environment_ = nullptr;
  inputs_ = nullptr;
  missing_.clear();
  texts_.clear();
}

bool Services::WasMissing(std::string_view path) const {
  return path.empty() ? !missing_.empty() : std::find(missing_.begin(), missing_.end(), path) != missing_.end();
}

void Services::NoteMissing(std::string_view path) {
  if (inputs_ != nullptr && inputs_->files != nullptr && inputs_->files->IsAlternative(path)) {
    missing_.emplace_back(path);
  }
}

sdp_string Services::Keep(std::string text) { return Lend(texts_.emplace_back(std::move(text))); }

void Services::Log(void* context, std::int32_t level, sdp_string message) noexcept {
  const std::optional<std::string_view> text = Read(message);
  if (!text) {
    return;
  }
  try {
    std::string line = "plugin " + Self(context).id_ + ": " + std::string(text->substr(0, kLongestLogLine));
    // One line, without what a terminal might obey.
    std::replace_if(
        line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
    diagnostics::Log(LevelOf(level), line);
  } catch (const std::exception&) {
    return;  // out of memory: a lost log line changes no verdict
  }
}

std::int32_t Services::ResolvePath(void* context, sdp_string path, sdp_string base, sdp_path* result) noexcept {
  const std::optional<std::string_view> path_text = Read(path);
  const std::optional<std::string_view> base_text = Read(base);
  if (!path_text || !base_text || result == nullptr || result->size < sizeof *result) {
    return SDP_FAILED;
  }
  const bool relative = !path_text->starts_with('/');
  if (!IsKnown(*path_text) || (relative && (!IsKnown(*base_text) || !base_text->starts_with('/')))) {
    return SDP_UNKNOWN;
  }
  try {
    safe_docker::ResolvedPath resolved = Self(context).paths_.Resolve(*path_text, *base_text);
    result->flags = PathFlags(resolved.kind);
    using Kind = safe_docker::ResolvedPath::Kind;
    if (resolved.kind == Kind::kMissing || resolved.kind == Kind::kRegular) {
      switch (Self(context).FindWritten(resolved.clean).state) {
        case WrittenFiles::File::State::kUntouched:
          break;
        case WrittenFiles::File::State::kRemoved:
          result->flags = 0;
          break;
        case WrittenFiles::File::State::kText:
        case WrittenFiles::File::State::kUnknown:
          result->flags = SDP_PATH_EXISTS | SDP_PATH_REGULAR;
      }
      result->flags == 0 ? Self(context).NoteMissing(resolved.clean) : void();
    }
    result->clean = Self(context).Keep(std::move(resolved.clean));
    result->resolved = Self(context).Keep(std::move(resolved.resolved));
    return resolved.complete ? SDP_OK : SDP_FAILED;
  } catch (const std::exception&) {
    return SDP_FAILED;
  }
}

std::int32_t Services::ReadFile(void* context, sdp_string path, std::uint64_t limit, sdp_string* content) noexcept {
  if (content == nullptr) {
    return SDP_FAILED;
  }
  const std::optional<std::string_view> text = Read(path);
  if (!text || !text->starts_with('/') || !IsKnown(*text)) {
    *content = Lend("its path is not known, or not absolute");
    return SDP_FAILED;
  }
  try {
    Services& self = Self(context);
    if (IsStandardInput(*text)) {
      return self.ReadStandardInput(limit, content);
    }
    const WrittenFiles::File written = self.FindWritten(*text);
    const std::int32_t status = written.state == WrittenFiles::File::State::kUntouched
                                    ? self.ReadFromDisk(std::string(*text), limit, content)
                                    : self.Give(written, limit, content);
    status == SDP_ABSENT ? self.NoteMissing(*text) : void();
    return status;
  } catch (const std::exception&) {
    *content = Lend("out of memory");
  }
  return SDP_FAILED;
}

// What the judged text has made of a file by the time the command runs.
WrittenFiles::File Services::FindWritten(std::string_view path) const {
  const bool is_any = inputs_ != nullptr && inputs_->files != nullptr;
  return is_any ? inputs_->files->Find(CleanPath(path, "/")) : WrittenFiles::File();
}

std::int32_t Services::Give(const WrittenFiles::File& file, std::uint64_t limit, sdp_string* content) {
  switch (file.state) {
    case WrittenFiles::File::State::kText:
      break;
    case WrittenFiles::File::State::kRemoved:
      *content = {};
      return SDP_ABSENT;
    default:
      *content = Lend(kContentNotKnown);
      return SDP_UNKNOWN;
  }
  if (file.text->size() > limit) {
    *content = Keep("it is larger than " + std::to_string(limit) + " bytes");
    return SDP_FAILED;
  }
  *content = Lend(*file.text);  // the request holds it
  return SDP_OK;
}

// What is piped or redirected into the command, as far as the judged text says it.
std::int32_t Services::ReadStandardInput(std::uint64_t limit, sdp_string* content) {
  if (inputs_ != nullptr && inputs_->standard_input != nullptr) {
    return Give({WrittenFiles::File::State::kText, inputs_->standard_input}, limit, content);
  }
  const std::string file = inputs_ == nullptr ? std::string() : inputs_->standard_input_file;
  if (!file.starts_with('/') || !IsKnown(file) || IsStandardInput(file)) {
    *content = Lend("what comes in through standard input is not known");
    return SDP_UNKNOWN;
  }
  const WrittenFiles::File written = FindWritten(file);
  return written.state == WrittenFiles::File::State::kUntouched ? ReadFromDisk(file, limit, content)
                                                                : Give(written, limit, content);
}

std::int32_t Services::ReadFromDisk(const std::string& path, std::uint64_t limit, sdp_string* content) {
  FileContent file = ReadRegularFile(path, std::min(limit, kLargestFile));
  switch (file.status) {
    case FileContent::Status::kRead:
      *content = Keep(std::move(file.text));
      return SDP_OK;
    case FileContent::Status::kMissing:
      *content = {};
      return SDP_ABSENT;
    case FileContent::Status::kFailed:
      *content = Keep(std::move(file.error));
      break;
  }
  return SDP_FAILED;
}

std::int32_t Services::GetEnvironment(void* context, sdp_string name, sdp_string* value) noexcept {
  const std::optional<std::string_view> text = Read(name);
  Services& self = Self(context);
  if (!text || value == nullptr) {
    return SDP_FAILED;
  }
  *value = {};
  if (self.environment_ == nullptr || !IsKnown(*text)) {
    return SDP_UNKNOWN;
  }
  try {
    Variable variable = self.environment_->Get(*text);
    switch (variable.state) {
      case Variable::State::kKnown:
        *value = self.Keep(std::move(variable.value));
        return SDP_OK;
      case Variable::State::kUnset:
        return SDP_ABSENT;
      case Variable::State::kUnknown:
        *value = self.Keep(std::move(variable.value));
        return SDP_UNKNOWN;
    }
  } catch (const std::exception&) {
    return SDP_FAILED;
  }
  return SDP_FAILED;
}

std::int32_t Services::Setting(void* context, sdp_string pointer, sdp_value* value) noexcept {
  const std::optional<std::string_view> text = Read(pointer);
  if (!text || value == nullptr || value->size < sizeof *value) {
    return SDP_FAILED;
  }
  try {
    const nlohmann::json::json_pointer place{std::string(*text)};
    const nlohmann::json& settings = Self(context).settings_;
    // Asked first, because most settings are not there and an exception costs microseconds.
    return settings.contains(place) && FillValue(settings.at(place), value) ? SDP_OK : SDP_ABSENT;
  } catch (const nlohmann::json::exception&) {
    return SDP_ABSENT;  // not a pointer
  } catch (const std::exception&) {
    return SDP_FAILED;
  }
}

std::int32_t Services::SettingsJson(void* context, sdp_string* json) noexcept {
  Services& self = Self(context);
  if (json == nullptr) {
    return SDP_FAILED;
  }
  try {
    if (self.settings_text_.empty()) {
      self.settings_text_ = self.settings_.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
  } catch (const std::exception&) {
    return SDP_FAILED;
  }
  *json = Lend(self.settings_text_);
  return SDP_OK;
}

const void* Services::Extension(void*, const char*) noexcept { return nullptr; }

}  // namespace safe_docker::plugins

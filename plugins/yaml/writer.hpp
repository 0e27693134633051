// Hands the requests of an expansion to the host, with the evidence for each effect: the file, the place, the service,
// and the setting as it stands there. Knows nothing of what the settings mean.
#pragma once

#include <safe_docker/checker.hpp>

#include <span>
#include <string>
#include <string_view>

#include "yaml.hpp"

namespace safe_docker::yaml {

// A setting of a service, or one item of it.
struct Setting {
  Setting(std::string_view name, const Entry& entry)
      : field(name), value(entry.value), line(entry.line), column(entry.column) {}

  std::string_view field;
  const Node* value;
  std::uint32_t line;
  std::uint32_t column;
};

// The text fields of an effect; sdp_effect_kind says what they mean.
struct EffectText {
  std::string_view subject;
  std::string_view name = {};
  std::string_view target = {};
  std::string_view options = {};
};

// A setting as it stands in the file, on one line of at most 120 bytes.
std::string Written(const Setting& setting);

class Writer {
 public:
  // `command` is that of the requests; their relative paths count from `folder`. `cwd` is the one that the judged
  // command runs in.
  Writer(plugin::Requests& requests, std::string_view command, std::string_view folder, std::string_view cwd,
         std::string_view home)
      : requests_(requests), command_(command), folder_(folder), cwd_(cwd), home_(home) {}

  void BeginService(const Entry& service);
  // A request for something that is no service: `what` says what ("container web").
  void BeginPart(std::string_view what, const Node& part);
  // A request for `command` that is about a whole section of the project.
  void BeginProject(std::string_view command, const Setting& section);
  void End();

  // The same effects as `docker run --name=value`.
  void Option(const Setting& setting, std::string_view name, std::string_view value);
  // An effect; SDP_EFFECT_UNRESOLVED is added to `flags` if the subject is not known.
  void Effect(const Setting& setting, sdp_effect_kind kind, const EffectText& text, std::uint32_t flags = 0);
  // Something that has to be asked about. `why` says why it matters.
  void Unknown(const Setting& setting, std::string_view why);
  // A request of its own for a part of the project that cannot be seen.
  void Unseen(std::string_view what, std::string_view why, std::string_view file, std::uint32_t line,
              std::uint32_t column);

  // A command line that the tool would run in `cwd`; between requests.
  void Run(const Setting& setting, std::string_view cwd, std::span<const sdp_string> words);

  std::string_view folder() const { return folder_; }
  std::string_view cwd() const { return cwd_; }
  std::string_view home() const { return home_; }
  std::string_view service() const { return service_; }

 private:
  sdp_evidence EvidenceOf(const Setting& setting);
  void Count(const Setting& setting);

  plugin::Requests& requests_;
  std::string_view command_;
  std::string_view folder_;
  std::string_view cwd_;
  std::string_view home_;
  std::string_view service_;
  std::string written_;
  std::size_t count_ = 0;
};

}  // namespace safe_docker::yaml

// Looks things up in the loaded model by section and name, in constant time, however large the section is.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "yaml.hpp"

namespace safe_docker::compose {

enum class Section : std::uint8_t { kServices, kVolumes, kNetworks, kConfigs, kSecrets, kModels };
inline constexpr std::string_view kSectionNames[] = {"services", "volumes", "networks", "configs", "secrets", "models"};

class Sections {
 public:
  // Throws Failure if a section is no map.
  explicit Sections(const Node& model);

  // Null if there is none.
  const Entry* Find(Section section, std::string_view name) const;
  // All services, in order.
  std::span<const Entry> services() const { return services_; }

 private:
  std::array<std::unordered_map<std::string_view, const Entry*>, std::size(kSectionNames)> entries_;
  std::span<const Entry> services_;
};

}  // namespace safe_docker::compose

#include "commands/json_output.hpp"

#include <nlohmann/json.hpp>

namespace safe_docker::commands {

std::string AsciiJson(const nlohmann::ordered_json& json, int indent) {
  return json.dump(indent, ' ', /*ensure_ascii=*/true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace safe_docker::commands

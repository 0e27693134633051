// Requests that no command line makes, but that the contract allows: each kind of effect with each kind of text, very
// many effects, structs as a newer host has them.
#pragma once

#include <safe_docker/plugin.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "docker/request.hpp"
#include "plugins/bridge.hpp"

namespace safe_docker::conformance {

struct NamedRequest {
  std::string name;  // for messages
  docker::Request request;
};

// `command` is one that the plugin wants.
std::vector<NamedRequest> EveryEffect(std::string_view command);
std::vector<NamedRequest> OddRequests(std::string_view command);

// A request whose structs are larger than those of this ABI, with effects of a kind that does not exist yet and flags
// that mean nothing yet, as a newer host would send it; its empty texts are null. Borrows from `request`.
class NewerRequest {
 public:
  explicit NewerRequest(const docker::Request& request);
  NewerRequest(const NewerRequest&) = delete;
  NewerRequest& operator=(const NewerRequest&) = delete;

  const sdp_request& raw() const { return raw_.request; }

 private:
  template <typename Item>
  struct Larger {
    Item item;
    unsigned char appended[48];
  };
  template <typename Item>
  static sdp_array Enlarge(const sdp_array& array, std::vector<Larger<Item>>* items);

  plugins::LentRequest lent_;
  std::vector<Larger<sdp_effect>> effects_;
  std::vector<Larger<sdp_option>> options_;
  struct {
    sdp_request request;
    unsigned char appended[64];
  } raw_;
};

}  // namespace safe_docker::conformance

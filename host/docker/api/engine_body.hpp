// The bodies of Engine API requests: JSON as Go's decoder reads it, and tables that say what each field means. A field
// means what a flag of the command line means, where there is one. Fields that no table has are unknown effects.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "docker/grammar.hpp"
#include "docker/request.hpp"
#include "fixed_text.hpp"

namespace safe_docker::docker {

using Json = nlohmann::json;

struct DecodedBody {
  Json value;
  std::string problem;  // why `value` is not to be trusted, if it is not
};

// Decodes one JSON value. Go takes keys in any case (the long s and the Kelvin sign for s and k as well) and merges
// what is said twice; a text that says anything twice is refused here, like one that Go would refuse.
DecodedBody DecodeBody(std::string_view text);

// The member that Go would decode into the field `name`; null if there is none or it is JSON's null.
const Json* FindMember(const Json& object, std::string_view name);

// `text` as Go folds the names of fields.
std::string FoldName(std::string_view text);

class BodyReader;

// What the engine takes in a field. JSON's null always means that the field is not given.
enum class Shape : std::uint8_t {
  kIgnored,      // anything: it means nothing to the host
  kText,         // a text that is not empty
  kSwitch,       // true
  kNumber,       // a whole number that is not 0
  kTexts,        // a list of texts
  kTextOrTexts,  // one text, or a list of them
  kPairs,        // an object whose members are texts: "KEY=VALUE" each
  kObject,
  kObjects,   // a list of objects
  kAnything,  // whatever is not null
};

struct Field {
  FixedText<32> name;
  Shape shape = Shape::kIgnored;
  // What is done with each value: the flag of that name is given, or one of the functions is called.
  FixedText<24> flag = {};
  void (*add)(std::string_view value, const Evidence& evidence, Request* request) = nullptr;
  void (*read)(const Json& value, const std::string& where, BodyReader* reader) = nullptr;
};

// Reads one body into one request.
class BodyReader {
 public:
  // `command` is the one whose flags the fields stand for. `evidence` says where the body is.
  BodyReader(std::string_view command, const Evidence& evidence, Request* request)
      : command_(command), evidence_(evidence), request_(request) {}

  // Reads the members of `object`, each by its row. `where` is what stands in front of their names: "HostConfig.".
  void Read(const Json& object, std::span<const Field> fields, const std::string& where);

  // Gives the command's flag `flag` this value.
  void GiveFlag(std::string_view flag, std::string_view value, const Evidence& evidence);

  // The text of a member; empty if there is none. A member of another type is refused.
  std::string Text(const Json& object, std::string_view name, const std::string& where);
  bool IsOn(const Json& object, std::string_view name, const std::string& where);

  // Something that the engine would refuse, or that nobody here knows.
  void Refuse(const std::string& where, std::string_view why);

  Evidence EvidenceOf(const std::string& where, std::string_view value) const;
  Request* request() { return request_; }

 private:
  void ReadField(const Json& value, const Field& field, const std::string& where);
  void ReadEach(const Json& value, const Field& field, const std::string& where);
  void Give(std::string_view value, const Field& field, const std::string& where);

  std::string_view command_;
  const Evidence& evidence_;
  Request* request_;
};

// The flag `flag` of `command` with this value; an unknown effect if there is no such flag.
void GiveCommandFlag(std::string_view command, std::string_view flag, std::string_view value, const Evidence& evidence,
                     Request* request);

// Bodies that describe containers, and their parts that services have as well; engine_container.cpp.
void ReadContainerBody(const Json& body, BodyReader* reader);
void ReadUpdateBody(const Json& body, BodyReader* reader);
void ReadExecBody(const Json& body, BodyReader* reader);
void ReadMount(const Json& value, const std::string& where, BodyReader* reader);
void ReadEndpoint(const Json& endpoint, const std::string& where, BodyReader* reader);
// The driver options of a volume, which only together say what is mounted.
void ReadVolumeOptions(const Json& options, std::string_view target, const std::string& where, BodyReader* reader);

void AddRunImage(std::string_view value, const Evidence& evidence, Request* request);
void AddEndpointOption(std::string_view value, const Evidence& evidence, Request* request);
void AddPort(const std::string& address, const std::string& port, std::string_view target, const std::string& where,
             BodyReader* reader);
// NAME:ADDRESS; the engine cuts at the first colon, whatever the name holds.
void AddHostText(std::string_view value, const Evidence& evidence, Request* request);
// What runs inside: the words of the fields `first` and `second`.
void AddInnerCommand(const Json& body, std::string_view first, std::string_view second, std::string_view container,
                     const std::string& where, BodyReader* reader);

// engine_service.cpp
void ReadServiceBody(const Json& body, BodyReader* reader);

// Bodies of the other objects; engine_objects.cpp.
void ReadVolumeBody(const Json& body, BodyReader* reader);
void ReadNetworkBody(const Json& body, BodyReader* reader);
void ReadNetworkConnectBody(const Json& body, BodyReader* reader);
void ReadCheckpointBody(const Json& body, BodyReader* reader);
void ReadSecretBody(const Json& body, BodyReader* reader);
void ReadSwarmBody(const Json& body, BodyReader* reader);
void ReadSwarmSpec(const Json& body, BodyReader* reader);
void ReadLoginBody(const Json& body, BodyReader* reader);

}  // namespace safe_docker::docker

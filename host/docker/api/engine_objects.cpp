// Bodies of the Engine API that describe what is no container: volumes, networks, checkpoints, secrets, the swarm.
#include "docker/api/engine_body.hpp"
#include "docker/effects.hpp"

namespace safe_docker::docker {
namespace {

template <const auto& kFields>
void ReadFields(const Json& value, const std::string& where, BodyReader* reader) {
  reader->Read(value, kFields, where);
}

void ReadDriverOptions(const Json& value, const std::string& where, BodyReader* reader) {
  ReadVolumeOptions(value, "", where.substr(0, where.size() - 1), reader);
}

void ReadClusterVolume(const Json& /*value*/, const std::string& where, BodyReader* reader) {
  AddEffect(SDP_EFFECT_SET_OPTION, "", "cluster volume", reader->EvidenceOf(where, ""), reader->request());
}

constexpr Field kVolumeFields[] = {
    {"Driver", Shape::kText, "driver"},
    {"DriverOpts", Shape::kObject, {}, {}, &ReadDriverOptions},
    {"ClusterVolumeSpec", Shape::kAnything, {}, {}, &ReadClusterVolume},
    {"Name"},
    {"Labels"},
};

void AddIpamDriver(std::string_view value, const Evidence& evidence, Request* request) {
  if (value != "default") {
    GiveCommandFlag("network create", "ipam-driver", value, evidence, request);
  }
}

// Where the network takes its settings from.
void ReadConfigFrom(const Json& value, const std::string& where, BodyReader* reader) {
  const std::string network = reader->Text(value, "Network", where);
  if (!network.empty()) {
    reader->GiveFlag("config-from", network, reader->EvidenceOf(where + "Network", network));
  }
}

constexpr Field kIpamFields[] = {
    {"Driver", Shape::kText, {}, &AddIpamDriver}, {"Options", Shape::kPairs, "ipam-opt"}, {"Config"}};
constexpr Field kNetworkFields[] = {
    {"Driver", Shape::kText, "driver"},
    {"Options", Shape::kPairs, "opt"},
    {"IPAM", Shape::kObject, {}, {}, &ReadFields<kIpamFields>},
    {"Scope", Shape::kText, "scope"},
    {"Ingress", Shape::kSwitch, "ingress"},
    {"ConfigFrom", Shape::kObject, {}, {}, &ReadConfigFrom},
    {"Name"},
    {"Internal"},
    {"Attachable"},
    {"ConfigOnly"},
    {"EnableIPv4"},
    {"EnableIPv6"},
    {"Labels"},
    {"CheckDuplicate"},
};

void TakeArgument(std::string_view value, const Evidence& /*evidence*/, Request* request) {
  request->arguments.emplace_back(value);
}

constexpr Field kConnectFields[] = {{"Container", Shape::kText, {}, &TakeArgument},
                                    {"EndpointConfig", Shape::kObject, {}, {}, &ReadEndpoint},
                                    {"Force"}};
constexpr Field kCheckpointFields[] = {{"CheckpointDir", Shape::kText, "checkpoint-dir"}, {"CheckpointID"}, {"Exit"}};

constexpr Field kDriverFields[] = {{"Name", Shape::kText, "driver"}, {"Options"}};
constexpr Field kTemplatingFields[] = {{"Name", Shape::kText, "template-driver"}, {"Options"}};
constexpr Field kSecretFields[] = {{"Driver", Shape::kObject, {}, {}, &ReadFields<kDriverFields>},
                                   {"Templating", Shape::kObject, {}, {}, &ReadFields<kTemplatingFields>},
                                   {"Name"},
                                   {"Labels"},
                                   {"Data"}};

void ReadExternalCa(const Json& value, const std::string& where, BodyReader* reader) {
  AddEffect(SDP_EFFECT_ORDINARY_OPTION, reader->Text(value, "URL", where), "external-ca",
            reader->EvidenceOf(where + "URL", ""), reader->request());
}

constexpr Field kCaFields[] = {{"ExternalCAs", Shape::kObjects, {}, {}, &ReadExternalCa},
                               {"NodeCertExpiry"},
                               {"SigningCACert"},
                               {"SigningCAKey"},
                               {"ForceRotate"}};
constexpr Field kSpecFields[] = {{"CAConfig", Shape::kObject, {}, {}, &ReadFields<kCaFields>},
                                 {"Name"},
                                 {"Labels"},
                                 {"Orchestration"},
                                 {"Raft"},
                                 {"Dispatcher"},
                                 {"TaskDefaults"},
                                 {"EncryptionConfig"}};
// Of swarm/init and swarm/join.
constexpr Field kSwarmFields[] = {{"ListenAddr", Shape::kText, "listen-addr"},
                                  {"AdvertiseAddr", Shape::kText, "advertise-addr"},
                                  {"DataPathAddr", Shape::kText, "data-path-addr"},
                                  {"ForceNewCluster", Shape::kSwitch, "force-new-cluster"},
                                  {"RemoteAddrs", Shape::kTexts, {}, &TakeArgument},
                                  {"Spec", Shape::kObject, {}, {}, &ReadFields<kSpecFields>},
                                  {"JoinToken"},
                                  {"DataPathPort"},
                                  {"AutoLockManagers"},
                                  {"Availability"},
                                  {"DefaultAddrPool"},
                                  {"SubnetSize"}};

// The password itself is nobody's business.
void AddPassword(std::string_view /*value*/, const Evidence& evidence, Request* request) {
  Evidence hidden = evidence;
  hidden.written = "password";
  GiveCommandFlag("login", "password", "given in the request", hidden, request);
}

constexpr Field kLoginFields[] = {{"serveraddress", Shape::kText, {}, &TakeArgument},
                                  {"password", Shape::kText, {}, &AddPassword},
                                  {"identitytoken", Shape::kText, {}, &AddPassword},
                                  {"registrytoken", Shape::kText, {}, &AddPassword},
                                  {"auth", Shape::kText, {}, &AddPassword},
                                  {"username"},
                                  {"email"}};

}  // namespace

void ReadVolumeBody(const Json& body, BodyReader* reader) { reader->Read(body, kVolumeFields, ""); }
void ReadNetworkBody(const Json& body, BodyReader* reader) { reader->Read(body, kNetworkFields, ""); }
void ReadNetworkConnectBody(const Json& body, BodyReader* reader) { reader->Read(body, kConnectFields, ""); }
void ReadCheckpointBody(const Json& body, BodyReader* reader) { reader->Read(body, kCheckpointFields, ""); }
void ReadSecretBody(const Json& body, BodyReader* reader) { reader->Read(body, kSecretFields, ""); }
void ReadSwarmBody(const Json& body, BodyReader* reader) { reader->Read(body, kSwarmFields, ""); }
void ReadSwarmSpec(const Json& body, BodyReader* reader) { reader->Read(body, kSpecFields, ""); }
void ReadLoginBody(const Json& body, BodyReader* reader) { reader->Read(body, kLoginFields, ""); }

}  // namespace safe_docker::docker

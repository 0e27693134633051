// The layout of ABI 1.0 on LP64, field by field: a plugin that was built against it must go on working. A line here may
// be added, for what is appended to the contract, but never changed.
#include <gtest/gtest.h>
#include <safe_docker/plugin.h>

#include <cstddef>

namespace {

static_assert(sizeof(void*) == 8 && sizeof(std::size_t) == 8, "the numbers below are those of LP64");
static_assert(SDP_ABI_MAJOR == 1, "another major is another entry symbol");

static_assert(sizeof(sdp_string) == 16);
static_assert(offsetof(sdp_string, data) == 0);
static_assert(offsetof(sdp_string, size) == 8);

static_assert(sizeof(sdp_array) == 16);
static_assert(offsetof(sdp_array, items) == 0);
static_assert(offsetof(sdp_array, count) == 8);
static_assert(offsetof(sdp_array, stride) == 12);

static_assert(sizeof(sdp_evidence) == 64);
static_assert(offsetof(sdp_evidence, size) == 0);
static_assert(offsetof(sdp_evidence, line) == 4);
static_assert(offsetof(sdp_evidence, column) == 8);
static_assert(offsetof(sdp_evidence, reserved) == 12);
static_assert(offsetof(sdp_evidence, written) == 16);
static_assert(offsetof(sdp_evidence, file) == 32);
static_assert(offsetof(sdp_evidence, service) == 48);

static_assert(sizeof(sdp_effect) == 104);
static_assert(offsetof(sdp_effect, size) == 0);
static_assert(offsetof(sdp_effect, kind) == 4);
static_assert(offsetof(sdp_effect, flags) == 8);
static_assert(offsetof(sdp_effect, reserved) == 12);
static_assert(offsetof(sdp_effect, subject) == 16);
static_assert(offsetof(sdp_effect, name) == 32);
static_assert(offsetof(sdp_effect, target) == 48);
static_assert(offsetof(sdp_effect, options) == 64);
static_assert(offsetof(sdp_effect, resolved) == 80);
static_assert(offsetof(sdp_effect, evidence) == 96);

static_assert(sizeof(sdp_option) == 56);
static_assert(offsetof(sdp_option, size) == 0);
static_assert(offsetof(sdp_option, reserved) == 4);
static_assert(offsetof(sdp_option, name) == 8);
static_assert(offsetof(sdp_option, value) == 24);
static_assert(offsetof(sdp_option, written) == 40);

static_assert(sizeof(sdp_request) == 168);
static_assert(offsetof(sdp_request, size) == 0);
static_assert(offsetof(sdp_request, origin) == 4);
static_assert(offsetof(sdp_request, flags) == 8);
static_assert(offsetof(sdp_request, reserved) == 12);
static_assert(offsetof(sdp_request, program) == 16);
static_assert(offsetof(sdp_request, command) == 32);
static_assert(offsetof(sdp_request, cwd) == 48);
static_assert(offsetof(sdp_request, home) == 64);
static_assert(offsetof(sdp_request, engine) == 80);
static_assert(offsetof(sdp_request, source) == 96);
static_assert(offsetof(sdp_request, options) == 112);
static_assert(offsetof(sdp_request, arguments) == 128);
static_assert(offsetof(sdp_request, effects) == 144);
static_assert(offsetof(sdp_request, evidence) == 160);

static_assert(sizeof(sdp_finding) == 72);
static_assert(offsetof(sdp_finding, size) == 0);
static_assert(offsetof(sdp_finding, decision) == 4);
static_assert(offsetof(sdp_finding, rule) == 8);
static_assert(offsetof(sdp_finding, message) == 24);
static_assert(offsetof(sdp_finding, advice) == 40);
static_assert(offsetof(sdp_finding, evidence) == 56);
static_assert(offsetof(sdp_finding, effect) == 64);

static_assert(sizeof(sdp_finding_sink) == 32);
static_assert(offsetof(sdp_finding_sink, size) == 0);
static_assert(offsetof(sdp_finding_sink, reserved) == 4);
static_assert(offsetof(sdp_finding_sink, context) == 8);
static_assert(offsetof(sdp_finding_sink, report) == 16);
static_assert(offsetof(sdp_finding_sink, error) == 24);

static_assert(sizeof(sdp_request_sink) == 56);
static_assert(offsetof(sdp_request_sink, size) == 0);
static_assert(offsetof(sdp_request_sink, reserved) == 4);
static_assert(offsetof(sdp_request_sink, context) == 8);
static_assert(offsetof(sdp_request_sink, begin) == 16);
static_assert(offsetof(sdp_request_sink, effect) == 24);
static_assert(offsetof(sdp_request_sink, option) == 32);
static_assert(offsetof(sdp_request_sink, end) == 40);
static_assert(offsetof(sdp_request_sink, run) == 48);

static_assert(sizeof(sdp_path) == 40);
static_assert(offsetof(sdp_path, size) == 0);
static_assert(offsetof(sdp_path, flags) == 4);
static_assert(offsetof(sdp_path, clean) == 8);
static_assert(offsetof(sdp_path, resolved) == 24);

static_assert(sizeof(sdp_value) == 32);
static_assert(offsetof(sdp_value, size) == 0);
static_assert(offsetof(sdp_value, kind) == 4);
static_assert(offsetof(sdp_value, integer) == 8);
static_assert(offsetof(sdp_value, text) == 16);

static_assert(sizeof(sdp_host) == 88);
static_assert(offsetof(sdp_host, size) == 0);
static_assert(offsetof(sdp_host, abi_minor) == 4);
static_assert(offsetof(sdp_host, context) == 8);
static_assert(offsetof(sdp_host, version) == 16);
static_assert(offsetof(sdp_host, log) == 32);
static_assert(offsetof(sdp_host, resolve_path) == 40);
static_assert(offsetof(sdp_host, read_file) == 48);
static_assert(offsetof(sdp_host, environment) == 56);
static_assert(offsetof(sdp_host, setting) == 64);
static_assert(offsetof(sdp_host, settings_json) == 72);
static_assert(offsetof(sdp_host, extension) == 80);

static_assert(sizeof(sdp_rule) == 104);
static_assert(offsetof(sdp_rule, size) == 0);
static_assert(offsetof(sdp_rule, strict) == 4);
static_assert(offsetof(sdp_rule, standard) == 8);
static_assert(offsetof(sdp_rule, permissive) == 12);
static_assert(offsetof(sdp_rule, id) == 16);
static_assert(offsetof(sdp_rule, title) == 32);
static_assert(offsetof(sdp_rule, why) == 48);
static_assert(offsetof(sdp_rule, standards) == 64);
static_assert(offsetof(sdp_rule, tags) == 80);
static_assert(offsetof(sdp_rule, severity) == 96);

static_assert(sizeof(sdp_description) == 144);
static_assert(offsetof(sdp_description, size) == 0);
static_assert(offsetof(sdp_description, flags) == 4);
static_assert(offsetof(sdp_description, id) == 8);
static_assert(offsetof(sdp_description, version) == 24);
static_assert(offsetof(sdp_description, summary) == 40);
static_assert(offsetof(sdp_description, license) == 56);
static_assert(offsetof(sdp_description, url) == 72);
static_assert(offsetof(sdp_description, rules) == 88);
static_assert(offsetof(sdp_description, commands) == 104);
static_assert(offsetof(sdp_description, effects) == 120);
static_assert(offsetof(sdp_description, settings_schema) == 128);

static_assert(sizeof(sdp_plugin) == 64);
static_assert(offsetof(sdp_plugin, size) == 0);
static_assert(offsetof(sdp_plugin, abi_major) == 4);
static_assert(offsetof(sdp_plugin, abi_minor) == 8);
static_assert(offsetof(sdp_plugin, reserved) == 12);
static_assert(offsetof(sdp_plugin, description) == 16);
static_assert(offsetof(sdp_plugin, create) == 24);
static_assert(offsetof(sdp_plugin, check) == 32);
static_assert(offsetof(sdp_plugin, expand) == 40);
static_assert(offsetof(sdp_plugin, destroy) == 48);
static_assert(offsetof(sdp_plugin, extension) == 56);

static_assert(SDP_OK == 1);
static_assert(SDP_ABSENT == 2);
static_assert(SDP_UNKNOWN == 3);
static_assert(SDP_FAILED == -1);
static_assert(SDP_ALLOW == 1);
static_assert(SDP_ASK == 2);
static_assert(SDP_DENY == 3);
static_assert(SDP_EFFECT_UNKNOWN == 1);
static_assert(SDP_EFFECT_MOUNT_HOST_PATH == 2);
static_assert(SDP_EFFECT_READ_HOST_PATH == 3);
static_assert(SDP_EFFECT_WRITE_HOST_PATH == 4);
static_assert(SDP_EFFECT_DELETE_HOST_PATH == 5);
static_assert(SDP_EFFECT_USE_VOLUME == 6);
static_assert(SDP_EFFECT_INHERIT_MOUNTS == 7);
static_assert(SDP_EFFECT_PRIVILEGED == 8);
static_assert(SDP_EFFECT_ADD_CAPABILITY == 9);
static_assert(SDP_EFFECT_JOIN_NAMESPACE == 10);
static_assert(SDP_EFFECT_USE_DEVICE == 11);
static_assert(SDP_EFFECT_SECURITY_OPTION == 12);
static_assert(SDP_EFFECT_SET_SYSCTL == 13);
static_assert(SDP_EFFECT_CGROUP_PARENT == 14);
static_assert(SDP_EFFECT_ADD_HOST == 15);
static_assert(SDP_EFFECT_BUILD_ARGUMENT == 16);
static_assert(SDP_EFFECT_BUILD_CREDENTIAL == 17);
static_assert(SDP_EFFECT_USE_IMAGE == 18);
static_assert(SDP_EFFECT_USE_ENGINE == 19);
static_assert(SDP_EFFECT_DESTROY == 20);
static_assert(SDP_EFFECT_RUN_CODE == 21);
static_assert(SDP_EFFECT_RUN_COMMAND == 22);
static_assert(SDP_EFFECT_PUBLISH_PORT == 23);
static_assert(SDP_EFFECT_PASS_ENVIRONMENT == 24);
static_assert(SDP_EFFECT_USE_API_SOCKET == 25);
static_assert(SDP_EFFECT_CHANGE_ENGINE == 26);
static_assert(SDP_EFFECT_USE_RUNTIME == 27);
static_assert(SDP_EFFECT_KIND_COUNT >= 28);
static_assert(SDP_EFFECT_READ_ONLY == 1);
static_assert(SDP_EFFECT_UNRESOLVED == 2);
static_assert(SDP_EFFECT_SOCKET == 4);
static_assert(SDP_EFFECT_DIRECTORY == 8);
static_assert(SDP_EFFECT_EXISTS == 16);
static_assert(SDP_ORIGIN_COMMAND_LINE == 1);
static_assert(SDP_ORIGIN_COMPOSE == 2);
static_assert(SDP_ORIGIN_ENGINE_API == 3);
static_assert(SDP_REQUEST_REMOTE_ENGINE == 1);
static_assert(SDP_REQUEST_INCOMPLETE == 2);
static_assert(SDP_PATH_EXISTS == 1);
static_assert(SDP_PATH_DIRECTORY == 2);
static_assert(SDP_PATH_SOCKET == 4);
static_assert(SDP_PATH_DEVICE == 8);
static_assert(SDP_PATH_REGULAR == 16);
static_assert(SDP_VALUE_STRING == 1);
static_assert(SDP_VALUE_BOOLEAN == 2);
static_assert(SDP_VALUE_INTEGER == 3);
static_assert(SDP_VALUE_LIST == 4);
static_assert(SDP_VALUE_TABLE == 5);
static_assert(SDP_LOG_DEBUG == 1);
static_assert(SDP_LOG_INFO == 2);
static_assert(SDP_LOG_WARNING == 3);
static_assert(SDP_LOG_ERROR == 4);
static_assert(SDP_PLUGIN_ADVISES == 1);

// Size and stride let structs grow; a field counts only if it lies inside the size that the other side gave.
TEST(AbiLayout, FieldBehindTheSizeIsNotThere) {
  sdp_effect effect = {};
  effect.size = offsetof(sdp_effect, resolved);
  EXPECT_TRUE(SDP_HAS(&effect, sdp_effect, options));
  EXPECT_FALSE(SDP_HAS(&effect, sdp_effect, resolved));
}

TEST(AbiLayout, ANulByteIsAnUnknownPart) {
  EXPECT_TRUE(sdp_is_known({"/x", 2}));
  EXPECT_FALSE(sdp_is_known({"\0/x", 3}));
  EXPECT_TRUE(sdp_is_known({nullptr, 0}));
}

}  // namespace

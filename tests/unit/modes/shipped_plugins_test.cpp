// What the host believes of its own plugins is what they say of themselves.
#include "modes/shipped_plugins.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>

namespace safe_docker::modes {
namespace {

std::vector<plugins::Declaration> DeclareAll() {
  policy::Config config = policy::DefaultConfig("/home/user");
  config.allowed_images = {"alpine"};
  return DeclarePlugins(config, Which::kNeeded);
}

const sdp_plugin* Open(const plugins::Declaration& declaration) {
  void* library = dlopen(declaration.path.c_str(), RTLD_NOW | RTLD_LOCAL);
  return library != nullptr ? static_cast<const sdp_plugin*>(dlsym(library, SDP_ENTRY_SYMBOL)) : nullptr;
}

std::vector<std::string> Commands(const sdp_description& description) {
  std::vector<std::string> commands;
  for (std::uint32_t index = 0; index < description.commands.count; ++index) {
    const auto* item = static_cast<const char*>(description.commands.items) + index * description.commands.stride;
    const auto* text = static_cast<const sdp_string*>(static_cast<const void*>(item));
    commands.emplace_back(text->data, text->size);
  }
  return commands;
}

TEST(DeclarePlugins, SaysOfEachShippedPluginWhatItSaysOfItself) {
  EXPECT_EQ(DeclareAll().size(), 9U);
  for (const plugins::Declaration& declaration : DeclareAll()) {
    const sdp_plugin* plugin = Open(declaration);
    ASSERT_NE(plugin, nullptr) << declaration.path;
    const sdp_description& description = *plugin->description;
    EXPECT_EQ(std::string_view(description.id.data, description.id.size), declaration.id);
    EXPECT_EQ((description.flags & SDP_PLUGIN_ADVISES) != 0, declaration.advises) << declaration.id;
    EXPECT_EQ(plugin->expand != nullptr, declaration.expands) << declaration.id;
    if (declaration.expands) {
      EXPECT_EQ(Commands(description), declaration.commands) << declaration.id;
    } else if (description.effects != 0) {
      EXPECT_EQ(description.effects, declaration.effects) << declaration.id;
    }
  }
}

TEST(DeclarePlugins, LoadsImagesOnlyWhereImagesAreListed) {
  for (const plugins::Declaration& declaration : DeclarePlugins(policy::DefaultConfig("/home/user"), Which::kNeeded)) {
    EXPECT_NE(declaration.id, "images");
  }
}

TEST(DeclarePlugins, ShowsFlagsEveryRequestWhenAnyFlagMayBeBlocked) {
  policy::Config config = policy::DefaultConfig("/home/user");
  config.blocked_flags = {"--publish-all"};
  for (const plugins::Declaration& declaration : DeclarePlugins(config, Which::kNeeded)) {
    EXPECT_TRUE(declaration.id != "flags" || declaration.effects == 0);
  }
}

TEST(DeclarePlugins, ObeysTheConfiguration) {
  policy::Config config = policy::DefaultConfig("/home/user");
  policy::PluginSettings off;
  off.id = "mounts";
  off.enabled = false;
  policy::PluginSettings mine;
  mine.id = "mine";
  mine.path = "/x/mine.so";
  config.plugins = {off, mine};
  bool has_mine = false;
  for (const plugins::Declaration& declaration : DeclarePlugins(config, Which::kNeeded)) {
    EXPECT_NE(declaration.id, "mounts");
    has_mine = has_mine || (declaration.id == "mine" && declaration.path == "/x/mine.so" && !declaration.shipped);
  }
  EXPECT_TRUE(has_mine);
}

}  // namespace
}  // namespace safe_docker::modes

// What holds of every condition and every request, tried on random ones: an answer that is certain stays the same
// whatever the unknown parts turn out to be.
#include <gtest/gtest.h>

#include <random>

#include "evaluator.hpp"
#include "rule.hpp"

namespace safe_docker::rules {
namespace {

using nlohmann::json;

constexpr std::string_view kTexts[] = {
    "a", "b", "/srv/a", "/srv", "8080", "127.0.0.1:80", "docker.io/library/a:b", "docker.io/x/a@sha256:0", "ALL", ""};
constexpr std::string_view kPatterns[] = {"a", "*", "**", "/srv/**", "/srv/*", "~/x", "b*", "*b", "", "docker.io/**"};
constexpr sdp_effect_kind kKinds[] = {SDP_EFFECT_MOUNT_HOST_PATH, SDP_EFFECT_USE_IMAGE, SDP_EFFECT_PUBLISH_PORT,
                                      SDP_EFFECT_ADD_CAPABILITY, SDP_EFFECT_DESTROY};
constexpr std::string_view kNames[] = {"mount", "image", "port", "capability", "destroy"};

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::size_t Number(std::size_t end) { return random_() % end; }

  template <typename Item, std::size_t kCount>
  Item Choose(const Item (&items)[kCount]) {
    return items[Number(kCount)];
  }

  // A text, of which a part may be unknown.
  std::string Text() {
    std::string text(Choose(kTexts));
    if (Number(3) == 0) {
      text.insert(Number(text.size() + 1), 1, '\0');
    }
    return text;
  }

  json Condition(int depth, bool has_effect) {
    json table = json::object();
    sdp_effect_kind kind = 0;
    if (!has_effect && Number(3) > 0) {
      const std::size_t index = Number(std::size(kNames));
      table["effect"] = kNames[index];
      kind = kKinds[index];
      has_effect = true;
    }
    for (const Field& field : Fields()) {
      const bool fits = field.kinds == 0 ? Number(20) == 0 : kind != 0 && (field.kinds >> kind & 1) != 0;
      if (fits && Number(3) == 0 && field.compared != Compared::kFolder) {
        table[std::string(field.name)] = field.compared == Compared::kFlag   ? json(Number(2) == 0)
                                         : field.compared == Compared::kPort ? json("80-8080")
                                                                             : json(Choose(kPatterns));
      }
    }
    if (Number(6) == 0) {
      table["option"] = {{"name", Choose(kPatterns)}, {"value", Choose(kPatterns)}};
    }
    if (Number(6) == 0) {
      table["lacks_option"] = "a";
    }
    for (const char* key : {"all", "any", "not"}) {
      if (depth > 0 && Number(4) == 0) {
        table[key] = json::array({Condition(depth - 1, has_effect), Condition(depth - 1, has_effect)});
      }
    }
    if (table.empty()) {
      table["program"] = Choose(kPatterns);
    }
    return table;
  }

 private:
  std::mt19937 random_;
};

// A request that owns its texts. What is unknown in them may be filled in.
class Sample {
 public:
  explicit Sample(Generator* generator) {
    const std::size_t effects = generator->Number(4);
    for (std::size_t i = 0; i < effects; ++i) {
      kinds_.push_back(generator->Choose(kKinds));
      flags_.push_back(static_cast<std::uint32_t>(generator->Number(32)) & ~std::uint32_t{SDP_EFFECT_UNRESOLVED});
      for (int field = 0; field < 5; ++field) {
        texts_.push_back(generator->Text());
      }
    }
    for (int i = 0; i < 8; ++i) {  // program, command, cwd, home, an option, an argument, source
      texts_.push_back(generator->Text());
    }
  }

  // With `filling` in the place of what is unknown.
  Sample Filled(Generator* generator) const {
    Sample filled = *this;
    for (std::string& text : filled.texts_) {
      for (std::size_t at = text.find('\0'); at != std::string::npos; at = text.find('\0')) {
        text.replace(at, 1, generator->Choose(kTexts));
      }
    }
    return filled;
  }

  Truth Judge(const Condition& condition, Places* places) const {
    std::vector<sdp_effect> effects;
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      const auto text = [&](std::size_t field) { return plugin::Text(texts_[i * 5 + field]); };
      effects.push_back(
          {sizeof(sdp_effect), kinds_[i], flags_[i], 0, text(0), text(1), text(2), text(3), text(4), nullptr});
    }
    const auto text = [&](std::size_t field) { return plugin::Text(texts_[kinds_.size() * 5 + field]); };
    const sdp_option option = {sizeof(sdp_option), 0, text(4), text(5), {}};
    const sdp_string argument = text(6);
    sdp_request raw{};
    raw.size = sizeof raw;
    raw.origin = SDP_ORIGIN_COMMAND_LINE;
    raw.program = text(0);
    raw.command = text(1);
    raw.cwd = text(2);
    raw.home = text(3);
    raw.source = text(7);
    raw.options = {&option, 1, sizeof option};
    raw.arguments = {&argument, 1, sizeof argument};
    raw.effects = {effects.data(), static_cast<std::uint32_t>(effects.size()), sizeof(sdp_effect)};
    const plugin::Request request(raw);
    const Evaluator evaluator(request, places);
    const Truth truth = evaluator.Holds(condition);
    for (const Witness& witness : evaluator.Witnesses(condition)) {
      EXPECT_NE(witness.truth, Truth::kFalse);
    }
    return truth;
  }

 private:
  std::vector<sdp_effect_kind> kinds_;
  std::vector<std::uint32_t> flags_;
  std::vector<std::string> texts_;
};

std::int32_t ResolveNothing(void*, sdp_string, sdp_string, sdp_path*) { return SDP_UNKNOWN; }

TEST(Property, WhatIsCertainStaysSo) {
  sdp_host host{};
  host.size = sizeof host;
  host.resolve_path = &ResolveNothing;
  Generator generator(11);
  std::size_t counts[3] = {};
  for (int i = 0; i < 30'000; ++i) {
    Problems problems;
    const json when = generator.Condition(2, false);
    const std::vector<Rule> rules =
        ReadRules({{"rules", {{{"id", "r"}, {"decision", "deny"}, {"message", "x"}, {"when", when}}}}}, &problems);
    const Condition& condition = rules.at(0).when;  // whatever of it made sense
    Places places{plugin::Host(host)};
    const Sample sample(&generator);
    const Truth truth = sample.Judge(condition, &places);
    ++counts[static_cast<std::size_t>(truth)];
    for (int fillings = 0; fillings < 3 && truth != Truth::kUnknown; ++fillings) {
      Places other{plugin::Host(host)};
      const Truth known = sample.Filled(&generator).Judge(condition, &other);
      EXPECT_TRUE(known == truth || known == Truth::kUnknown) << when.dump(1) << "\n" << problems.text();
    }
  }
  for (const std::size_t count : counts) {  // each of the answers was tried
    EXPECT_GT(count, 500U);
  }
}

}  // namespace
}  // namespace safe_docker::rules

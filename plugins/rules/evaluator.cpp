#include "evaluator.hpp"

#include "facts.hpp"

namespace safe_docker::rules {
namespace {

using plugin::Effect;
using plugin::IsKnown;
using plugin::View;

// What is permitted is read as the file systems that this build is meant for usually compare names; what is objected
// to, as any might.
#ifdef __APPLE__
constexpr Letters kPermittedLetters = Letters::kIgnoreCase;
#else
constexpr Letters kPermittedLetters = Letters::kExact;
#endif

Letters LettersFor(Reading reading) { return reading == Reading::kWide ? Letters::kIgnoreCase : kPermittedLetters; }

// Whether one of the texts fits one of the patterns.
Truth MatchesAny(const std::vector<std::string>& patterns, const std::vector<std::optional<std::string>>& texts) {
  Truth result = Truth::kFalse;
  for (const std::optional<std::string>& text : texts) {
    for (const std::string& pattern : patterns) {
      result = Or(result, text ? MatchesPattern(pattern, *text) : MatchesPattern(pattern, std::string_view("\0", 1)));
    }
  }
  return result;
}

Truth CompareFlag(const Test& test, std::optional<bool> is_set) {
  return is_set ? FromBool(*is_set == test.flag) : Truth::kUnknown;
}

Truth ComparePorts(const Test& test, const std::optional<std::string>& text, Reading reading) {
  Truth result = Truth::kFalse;
  for (const Ports& ports : test.ports) {
    result = Or(result, text ? MatchesPorts(ports, *text, reading) : Truth::kUnknown);
  }
  return result;
}

// "ALL" gives each of them, so an objection to one is one to all, and to what may be all.
Truth CompareCapability(const Test& test, const std::optional<std::string>& capability, Reading reading) {
  const Truth named = MatchesAny(test.patterns, {capability});
  return reading == Reading::kWide ? Or(named, MatchesAny({"ALL"}, {capability})) : named;
}

}  // namespace

sdp_effect_kind KindOf(const Effect& effect) {
  return effect.kind() == SDP_EFFECT_USE_IMAGE && effect.name() == "build" ? kBuiltImage : effect.kind();
}

std::vector<Witness> Evaluator::Witnesses(const Condition& condition) const {
  std::vector<Witness> found;
  if (condition.kinds != 0) {
    for (const Effect effect : request_.effects()) {
      const Truth truth = HoldsOf(condition, &effect, Reading::kWide);
      if (truth != Truth::kFalse) {
        found.push_back({effect, truth});
      }
    }
    return found;
  }
  for (const Condition& each : condition.all) {
    if (found = Witnesses(each); !found.empty()) {
      return found;
    }
  }
  for (const Condition& each : condition.any) {
    if (Holds(each) != Truth::kFalse) {
      const std::vector<Witness> more = Witnesses(each);
      found.insert(found.end(), more.begin(), more.end());
    }
  }
  return found;
}

Truth Evaluator::Holds(const Condition& condition, const Effect* effect, Reading reading) const {
  if (condition.kinds == 0) {
    return HoldsOf(condition, effect, reading);
  }
  Truth result = NotListed();
  for (const Effect each : request_.effects()) {
    result = Or(result, HoldsOf(condition, &each, reading));
  }
  return result;
}

// Of this effect, if the condition is about one.
Truth Evaluator::HoldsOf(const Condition& condition, const Effect* effect, Reading reading) const {
  Truth result = Truth::kTrue;
  if (condition.kinds != 0) {
    const sdp_effect_kind kind = KindOf(*effect);
    result = FromBool(kind < 64 && (condition.kinds >> kind & 1) != 0);
  }
  for (auto test = condition.tests.begin(); test != condition.tests.end() && result != Truth::kFalse; ++test) {
    result = And(result, Compare(*test, effect, reading));
  }
  if (result == Truth::kFalse) {
    return result;
  }
  if (!condition.options.empty()) {
    result = And(result, HasOption(condition));
  }
  if (!condition.lacks_options.empty()) {
    result = And(result, LacksOption(condition));
  }
  if (!condition.expressions.empty()) {
    result = And(result, MatchesSource(condition, reading));
  }
  for (const Condition& each : condition.all) {
    result = And(result, Holds(each, effect, reading));
  }
  if (!condition.any.empty()) {
    Truth one = Truth::kFalse;
    for (const Condition& each : condition.any) {
      one = Or(one, Holds(each, effect, reading));
    }
    result = And(result, one);
  }
  for (const Condition& each : condition.none) {
    result = And(result, Not(Holds(each, effect, Opposite(reading))));
  }
  return result;
}

Truth Evaluator::Compare(const Test& test, const Effect* effect, Reading reading) const {
  if (!test.of_effect) {
    return CompareRequest(test, effect, reading);
  }
  return effect == nullptr ? Truth::kUnknown : CompareEffect(test, *effect, reading);
}

Truth Evaluator::CompareEffect(const Test& test, const Effect& effect, Reading reading) const {
  const Field* const field = FindField(test.field, KindOf(effect));
  if (field == nullptr) {
    return Truth::kFalse;  // the reader sees to it that this cannot be
  }
  switch (field->source) {
    case Source::kPath:
    case Source::kTouches:
      return ComparePaths(test, field->source == Source::kTouches, std::string(effect.subject()), ResolvedOf(effect),
                          reading);
    case Source::kExists:
      return CompareFile(test, SDP_EFFECT_EXISTS, effect);
    case Source::kDirectory:
      return CompareFile(test, SDP_EFFECT_DIRECTORY, effect);
    case Source::kSocket:
      return CompareFile(test, SDP_EFFECT_SOCKET, effect);
    case Source::kReadOnly:
      return IsKnown(effect.options()) && IsKnown(effect.target()) ? CompareFlag(test, effect.Is(SDP_EFFECT_READ_ONLY))
                                                                   : Truth::kUnknown;
    case Source::kPinned:
      return CompareFlag(test, IsPinned(effect));
    case Source::kImage: {
      Truth result = Truth::kFalse;
      for (const std::string& pattern : test.patterns) {
        result = Or(result, MatchesImage(pattern, effect));
      }
      return result;
    }
    case Source::kCapability:
      return CompareCapability(test, SubjectOf(effect), reading);
    case Source::kHostPort:
    case Source::kContainerPort:
      return ComparePorts(test, PortOf(effect, field->source), reading);
    default:
      return MatchesAny(test.patterns, TextsOf(effect, field->source));
  }
}

Truth Evaluator::CompareRequest(const Test& test, const Effect* effect, Reading reading) const {
  const Field* const field = FindField(test.field, 0);
  switch (field->source) {
    case Source::kCommand:
      return MatchesAny(test.patterns, {std::string(request_.command())});
    case Source::kProgram:
      return MatchesAny(test.patterns, {std::string(request_.program())});
    case Source::kEngine:
      return MatchesAny(test.patterns, {std::string(request_.engine())});
    case Source::kCwd: {
      const std::string_view cwd = request_.cwd();
      const bool is_known = cwd.starts_with('/') && IsKnown(cwd);
      return ComparePaths(test, false, is_known ? std::optional(std::string(cwd)) : std::nullopt,
                          is_known ? places_->Resolve(cwd) : std::nullopt, reading);
    }
    case Source::kFile: {
      const sdp_evidence* const evidence = EvidenceOf(effect);
      const std::string_view file = evidence == nullptr ? std::string_view{} : View(evidence->file);
      return file.empty() ? Truth::kFalse
                          : ComparePaths(test, false, std::string(file), places_->Resolve(file), reading);
    }
    case Source::kService: {
      const sdp_evidence* const evidence = EvidenceOf(effect);
      return MatchesAny(test.patterns,
                        {std::string(evidence == nullptr ? std::string_view{} : View(evidence->service))});
    }
    case Source::kRemote:
      return CompareFlag(test, request_.Is(SDP_REQUEST_REMOTE_ENGINE));
    default: {
      Truth result = NotListed();
      for (const std::string_view argument : request_.arguments()) {
        result = Or(result, MatchesAny(test.patterns, {std::string(argument)}));
      }
      return result;
    }
  }
}

// Where a path stands and where its links lead: one that is objected to is enough, one that is permitted is not.
Truth Evaluator::ComparePaths(const Test& test, bool touches, const std::optional<std::string>& written,
                              const std::optional<std::string>& resolved, Reading reading) const {
  const Letters letters = LettersFor(reading);
  const Truth first = ComparePath(test, touches, written, letters);
  const Truth second = ComparePath(test, touches, resolved, letters);
  return reading == Reading::kWide ? Or(first, second) : And(first, second);
}

Truth Evaluator::ComparePath(const Test& test, bool touches, const std::optional<std::string>& path,
                             Letters letters) const {
  Truth result = Truth::kFalse;
  for (const std::string& text : test.patterns) {
    const std::optional<std::vector<std::string>>& patterns = places_->PatternsFor(text, request_.home());
    if (!path || !patterns) {
      result = Or(result, text == "*" || text == "**" ? Truth::kTrue : Truth::kUnknown);
      continue;
    }
    for (const std::string& pattern : *patterns) {
      result = Or(result, touches ? Touches(pattern, *path, letters) : MatchesPath(pattern, *path, letters));
    }
  }
  return result;
}

// Nobody can see what lies on another machine, or where a path leads that is not known.
Truth Evaluator::CompareFile(const Test& test, std::uint32_t flag, const Effect& effect) const {
  const bool is_elsewhere = effect.kind() == SDP_EFFECT_MOUNT_HOST_PATH && request_.Is(SDP_REQUEST_REMOTE_ENGINE);
  const std::optional<std::string> resolved = ResolvedOf(effect);
  const bool is_known = !is_elsewhere && resolved && IsKnown(*resolved) && IsKnown(effect.subject());
  return is_known ? CompareFlag(test, effect.Is(flag)) : Truth::kUnknown;
}

Truth Evaluator::NotListed() const { return request_.Is(SDP_REQUEST_INCOMPLETE) ? Truth::kUnknown : Truth::kFalse; }

Truth Evaluator::NotAmongOptions() const {
  return request_.raw().origin == SDP_ORIGIN_COMMAND_LINE ? NotListed() : Truth::kUnknown;
}

Truth Evaluator::FindsOption(const OptionTest& test) const {
  Truth result = NotAmongOptions();
  for (const plugin::Option option : request_.options()) {
    const Truth named = MatchesAny(test.names, {std::string(option.name())});
    result = Or(result, And(named, MatchesAny(test.values, {std::string(option.value())})));
  }
  return result;
}

Truth Evaluator::HasOption(const Condition& condition) const {
  Truth result = Truth::kFalse;
  for (const OptionTest& test : condition.options) {
    result = Or(result, FindsOption(test));
  }
  return result;
}

Truth Evaluator::LacksOption(const Condition& condition) const {
  Truth result = Truth::kFalse;
  for (const std::string& name : condition.lacks_options) {
    result = Or(result, Not(FindsOption({{name}, {"*"}})));
  }
  return result;
}

Truth Evaluator::MatchesSource(const Condition& condition, Reading reading) const {
  constexpr std::size_t kLongestSource = 64 * 1024;
  const std::string_view source = request_.source();
  if (source.size() > kLongestSource) {
    return Truth::kUnknown;
  }
  for (const Expression& expression : condition.expressions) {
    if (expression.Finds(source)) {
      return IsKnown(source) || reading == Reading::kWide ? Truth::kTrue : Truth::kUnknown;
    }
  }
  return IsKnown(source) ? Truth::kFalse : Truth::kUnknown;
}

// Where the effect was said, if that is a file; else where the request was.
const sdp_evidence* Evaluator::EvidenceOf(const Effect* effect) const {
  const sdp_evidence* const own = effect == nullptr ? nullptr : effect->evidence();
  const bool is_place = own != nullptr && (own->file.size != 0 || own->service.size != 0);
  return is_place ? own : request_.evidence();
}

}  // namespace safe_docker::rules

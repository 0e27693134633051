// Which effects on the engine and the client the flags checker objects to: settings, plugins, builders, swarms, what
// is sent away and what is fetched. Each is a row.
#pragma once

#include <safe_docker/checker.hpp>

#include "classify.hpp"

namespace safe_docker::flags {

Objection ClassifySetting(const plugin::Effect& effect);  // SET_OPTION
Objection ClassifyCode(const plugin::Effect& effect);     // RUN_CODE
Objection ClassifyChange(const plugin::Effect& effect);   // CHANGE_ENGINE
Objection ClassifySent(const plugin::Effect& effect);     // SEND
Objection ClassifyFetched(const plugin::Effect& effect);  // FETCH

}  // namespace safe_docker::flags

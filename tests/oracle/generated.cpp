#include "generated.hpp"
namespace safe_docker::oracle {
GeneratedOutcome RunGeneratedPrograms(const SandboxPlan&, const GeneratedRun&) { return {}; }
}  // namespace safe_docker::oracle

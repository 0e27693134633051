#include "analysis.hpp"

#include "walk/evaluator.hpp"

namespace safe_docker::shell {

Analysis Analyze(std::string_view text, const Context& context) { return Evaluator(text, context).Run(); }

}  // namespace safe_docker::shell

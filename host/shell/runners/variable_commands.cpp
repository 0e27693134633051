#include "variable_commands.hpp"

#include <algorithm>
#include <array>

namespace safe_docker::shell {
namespace {

using Kind = VariableCommand::Kind;

constexpr auto kVariables = std::to_array<VariableCommand>({
    {"ALTERNATE_EDITOR", Kind::kShellText},
    {"ANSIBLE_BECOME_EXE", Kind::kCommandWords},
    {"ANSIBLE_SSH_ARGS", Kind::kMayHoldOne},
    {"ANSIBLE_SSH_COMMON_ARGS", Kind::kMayHoldOne},
    {"ANSIBLE_SSH_EXECUTABLE", Kind::kCommandWords},
    {"ANSIBLE_SSH_EXTRA_ARGS", Kind::kMayHoldOne},
    {"AR", Kind::kCommandWords},
    {"AUTOSSH_PATH", Kind::kMayHoldOne},
    {"AWS_PAGER", Kind::kShellText},
    {"BASH_ENV", Kind::kFile},
    {"BASH_FUNC_*", Kind::kMayHoldOne},
    {"BAT_PAGER", Kind::kShellText},
    {"BORG_PASSCOMMAND", Kind::kCommandWords},
    {"BORG_RSH", Kind::kCommandWords},
    {"BROWSER", Kind::kShellText},
    {"BUNDLER_EDITOR", Kind::kShellText},
    {"CARGO_BUILD_RUSTC_WRAPPER", Kind::kCommandWords},
    {"CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", Kind::kShellText},
    {"CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER", Kind::kShellText},
    {"CC", Kind::kCommandWords},
    {"CCACHE_PREFIX", Kind::kCommandWords},
    {"CCACHE_PREFIX_CPP", Kind::kCommandWords},
    {"CC_WRAPPER", Kind::kCommandWords},
    {"CMAKE_CXX_COMPILER_LAUNCHER", Kind::kCommandWords},
    {"CMAKE_C_COMPILER_LAUNCHER", Kind::kCommandWords},
    {"CRONTAB_EDITOR", Kind::kShellText},
    {"CVSEDITOR", Kind::kShellText},
    {"CVS_RSH", Kind::kCommandWords},
    {"CXX", Kind::kCommandWords},
    {"DELTA_PAGER", Kind::kShellText},
    {"DIFFPROG", Kind::kShellText},
    {"DISTCC_SSH", Kind::kCommandWords},
    {"EDITOR", Kind::kShellText},
    {"ENV", Kind::kFile},
    {"EXINIT", Kind::kMayHoldOne},
    {"FCEDIT", Kind::kShellText},
    {"FC_EDIT", Kind::kShellText},
    {"FZF_ALT_C_COMMAND", Kind::kShellText},
    {"FZF_CTRL_T_COMMAND", Kind::kShellText},
    {"FZF_DEFAULT_COMMAND", Kind::kShellText},
    {"GCLOUD_PAGER", Kind::kShellText},
    {"GH_BROWSER", Kind::kShellText},
    {"GH_EDITOR", Kind::kShellText},
    {"GH_PAGER", Kind::kShellText},
    {"GIT_ASKPASS", Kind::kCommandWords},
    {"GIT_CONFIG_PARAMETERS", Kind::kMayHoldOne},
    {"GIT_CONFIG_VALUE_*", Kind::kMayHoldOne},
    {"GIT_EDITOR", Kind::kShellText},
    {"GIT_EXTERNAL_DIFF", Kind::kShellText},
    {"GIT_PAGER", Kind::kShellText},
    {"GIT_PROXY_COMMAND", Kind::kShellText},
    {"GIT_SEQUENCE_EDITOR", Kind::kShellText},
    {"GIT_SSH", Kind::kCommandWords},
    {"GIT_SSH_COMMAND", Kind::kShellText},
    {"GNUMAKEFLAGS", Kind::kMayHoldOne},
    {"GOFLAGS", Kind::kMayHoldOne},
    {"HGEDITOR", Kind::kShellText},
    {"JAVA_TOOL_OPTIONS", Kind::kMayHoldOne},
    {"KUBE_EDITOR", Kind::kShellText},
    {"LD", Kind::kCommandWords},
    {"LESS", Kind::kMayHoldOne},
    {"LESSCLOSE", Kind::kShellText},
    {"LESSEDIT", Kind::kShellText},
    {"LESSOPEN", Kind::kShellText},
    {"MAKEFLAGS", Kind::kMayHoldOne},
    {"MAKEOVERRIDES", Kind::kMayHoldOne},
    {"MANPAGER", Kind::kShellText},
    {"MERGE_TOOL", Kind::kShellText},
    {"MYSQL_PAGER", Kind::kShellText},
    {"NODE_GYP_FORCE_PYTHON", Kind::kCommandWords},
    {"NODE_OPTIONS", Kind::kMayHoldOne},
    {"PAGER", Kind::kShellText},
    {"PARALLEL", Kind::kMayHoldOne},
    {"PARALLEL_SHELL", Kind::kCommandWords},
    {"PERL5DB", Kind::kMayHoldOne},
    {"PERL5OPT", Kind::kMayHoldOne},
    {"PROMPT", Kind::kExpanded},
    {"PROMPT_COMMAND", Kind::kShellText},
    {"PS0", Kind::kExpanded},
    {"PS1", Kind::kExpanded},
    {"PS2", Kind::kExpanded},
    {"PS4", Kind::kExpanded},
    {"PSQL_EDITOR", Kind::kShellText},
    {"PSQL_PAGER", Kind::kShellText},
    {"RESTIC_PASSWORD_COMMAND", Kind::kCommandWords},
    {"RSH", Kind::kCommandWords},
    {"RSYNC_RSH", Kind::kCommandWords},
    {"RUBYOPT", Kind::kMayHoldOne},
    {"RUSTC", Kind::kCommandWords},
    {"RUSTC_WORKSPACE_WRAPPER", Kind::kCommandWords},
    {"RUSTC_WRAPPER", Kind::kCommandWords},
    {"RUSTDOC", Kind::kCommandWords},
    {"SHELL", Kind::kCommandWords},
    {"SSH_ASKPASS", Kind::kCommandWords},
    {"SUDO_ASKPASS", Kind::kCommandWords},
    {"SUDO_EDITOR", Kind::kShellText},
    {"SUDO_PS1", Kind::kExpanded},
    {"SVN_EDITOR", Kind::kShellText},
    {"SVN_SSH", Kind::kCommandWords},
    {"SYSTEMD_EDITOR", Kind::kShellText},
    {"SYSTEMD_PAGER", Kind::kShellText},
    {"TAR_OPTIONS", Kind::kMayHoldOne},
    {"TAR_RSH", Kind::kCommandWords},
    {"TERMINAL", Kind::kCommandWords},
    {"TEXEDIT", Kind::kShellText},
    {"VIMINIT", Kind::kMayHoldOne},
    {"VISUAL", Kind::kShellText},
    {"ZIPOPT", Kind::kMayHoldOne},
    {"npm_config_editor", Kind::kShellText},
});

constexpr bool IsBefore(const VariableCommand& left, const VariableCommand& right) { return left.name < right.name; }
static_assert(std::is_sorted(kVariables.begin(), kVariables.end(), IsBefore));

}  // namespace

const VariableCommand* FindVariableCommand(std::string_view name) {
  const auto* found =
      std::upper_bound(kVariables.begin(), kVariables.end(), name,
                       [](std::string_view wanted, const VariableCommand& each) { return wanted < each.name; });
  if (found == kVariables.begin()) {
    return nullptr;
  }
  const std::string_view listed = (--found)->name;
  const bool fits = listed.ends_with('*') ? name.starts_with(listed.substr(0, listed.size() - 1)) : name == listed;
  return fits ? found : nullptr;
}

}  // namespace safe_docker::shell

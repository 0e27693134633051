// The sub-commands that run other programs, sorted by name. What the marks of the options mean stands in runners.hpp.
#include <algorithm>
#include <array>
#include <string>

#include "packed_runners.hpp"
#include "runners.hpp"

namespace safe_docker::shell {
namespace {

using Inner = Runner::Inner;

// Of programs whose words are data: options may stand anywhere, and only those that matter are listed.
constexpr std::uint32_t kData = Runner::kOptionsAnywhere | Runner::kUnlistedFlags;

constexpr std::string_view kAsciinemaOptions =
    "c:$ command:$ e: env: capture-env: t: title: i: idle-time-limit: cols: rows: f: output-format: window-size:";
constexpr std::string_view kBundleExecOptions = "keep-file-descriptors gemfile: no-keep-file-descriptors";
constexpr std::string_view kCondaOptions =
    "n: name: p: prefix: v verbose dev debug-wrapper-scripts cwd:/ no-capture-output live-stream a: attach: e:= env:= "
    "d detach clean-env r: root-prefix: q quiet y yes";
constexpr std::string_view kGitFetchOptions =
    "upload-pack:| depth: o: server-option: j: jobs: s: strategy: X: strategy-option: refmap: deepen: shallow-since: "
    "shallow-exclude:";
constexpr std::string_view kGitPushOptions = "receive-pack:| exec:| o: push-option: repo: recurse-submodules:";
constexpr std::string_view kIncusExecOptions =
    "cwd: env: T n disable-stdin t force-interactive mode: user: group: force-local project:";
constexpr std::string_view kMiseOptions =
    "c:$ command:$ j: jobs: raw no-deps fresh-env cd:/ C:/ E: env: q quiet v verbose y yes -->";
constexpr std::string_view kNixDevelopOptions =
    "c> command> k: keep-env-var: u: i ignore-environment unset: impure f: file: expr: override-input: inputs-from: "
    "update-input: profile: phase: extra-experimental-features: option: I: arg: argstr: experimental-features:";
constexpr std::string_view kNpmExecOptions =
    "c:$ call:$ p: package: y yes w: workspace: workspaces q quiet no-install no ignore-existing shell: "
    "shell-auto-fallback? n: node-arg: prefix: cache: userconfig: prefer-offline offline include-workspace-root h^ "
    "help^ v^ version^";
constexpr std::string_view kPerfRecordOptions =
    "a A B b: c: C: d e: F: g h^ i I: j: k: K l m: M: n N o: p: q r: R s S T t: u: v w W x: y: z: all-cpus all-user "
    "all-kernel append call-graph: cgroup: count: cpu: control: delay: D: duration: event: exclude-perf filter: freq: "
    "G: group per-thread per-core per-socket per-node inherit no-inherit interval-print: interval-count: log-fd: "
    "mmap-pages: no-buildid no-buildid-cache no-samples no-aggr output: pre:$ post:$ pid: tid: quiet raw-samples "
    "realtime: repeat: scale sync stat data weight table timeout: timestamp user-regs? intr-regs? verbose clockid: "
    "phys-addr detailed null field-separator: big-num metrics: topdown transaction switch-output? overwrite "
    "aux-sample? summary sched syscalls sort-output max-events: trace no-syscalls failure tool_stats expr: pf: "
    "with-summary";
constexpr std::string_view kPnpmDlxOptions =
    "c shell-mode r recursive parallel w workspace-root C:/ dir:/ filter: F: s silent no-bail sort no-sort reverse "
    "resume-from: report-summary package: p: allow-build: color no-color workspace-concurrency:";
constexpr std::string_view kTmuxDisplayPopupOptions = "B C E b: c: d:/ e:= h: s: S: t: T: w: x: y:";
constexpr std::string_view kTmuxNewOptions = "A d D E P X c:/ e:= F: f: n: s: t: x: y:";
constexpr std::string_view kTmuxNewWindowOptions = "a b d k P S c:/ e:= F: n: t:";
constexpr std::string_view kTmuxSplitWindowOptions = "b d f h I v P Z c:/ e:= l: p: t: F:";
constexpr std::string_view kYarnDlxOptions = "q quiet p: package: silent";

constexpr auto kSubcommands = std::to_array<Runner>({
    {"asciinema rec", Inner::kNothing, kAsciinemaOptions, 0, kData},
    {"asciinema session", Inner::kNothing, kAsciinemaOptions, 0, kData},
    {"asciinema stream", Inner::kNothing, kAsciinemaOptions, 0, kData},
    {"asdf exec"},
    {"aws-vault exec", Inner::kCommand,
     "d: duration: n no-session region: t: mfa-token: j json^ s server ec2-server ecs-server lazy stdout prompt:", 1,
     Runner::kShellIfNone},
    {"bun x", Inner::kCommand, "bun p: package: silent verbose no-install b"},
    {"bundle exec", Inner::kCommand, kBundleExecOptions},
    {"bundler exec", Inner::kCommand, kBundleExecOptions},
    {"chamber exec", Inner::kNothing, "pristine strict strict-value:", 0, Runner::kGenericElse},
    {"conda run", Inner::kCommand, kCondaOptions},
    {"devbox run", Inner::kCommand,
     "c: config: e:= env:= env-file: l^ list^ q quiet pure all-projects omit-nix-env recompute"},
    {"direnv exec", Inner::kCommand, "", 1, Runner::kOtherDirectory},
    {"doppler run", Inner::kCommand,
     "command:$ c: config: p: project: fallback: fallback-only fallback-passphrase: fallback-readonly no-cache "
     "no-exit-on-write-failure no-fallback forward-signals preserve-env? mount: mount-format: mount-template: "
     "mount-max-reads: name-transformer: only-secrets: passphrase: no-liveness-ping watch t: token:"},
    {"dotenvx run", Inner::kCommand,
     "f: env-file: e: env: fv: env-vault-file: o overload convention: ignore: strict fk: env-keys-file: ops-off"},
    {"flox activate", Inner::kCommand, "d: dir: r: remote: s start-services t trust print-script c:$"},
    {"fnm exec", Inner::kCommand, "using: log-level:"},
    {"git archive", Inner::kNothing, "exec:| o: output: format: prefix: remote: add-file: mtime:", 0, kData},
    {"git bisect", Inner::kSubcommand},
    {"git bisect run"},
    {"git clone", Inner::kNothing,
     "u:| upload-pack:| c:& config:& o: origin: b: branch: reference: reference-if-able: template: depth: "
     "separate-git-dir: j: jobs: filter: server-option: shallow-since: shallow-exclude: bundle-uri:",
     0, kData},
    {"git daemon", Inner::kNothing, "access-hook:| base-path: port: listen:", 0, kData},
    {"git difftool", Inner::kNothing, "x:| extcmd:| t: tool:", 0, kData},
    {"git fetch", Inner::kNothing, kGitFetchOptions, 0, kData},
    {"git fetch-pack", Inner::kNothing, "upload-pack:| exec:|", 0, kData},
    {"git filter-branch", Inner::kNothing,
     "setup:$ env-filter:$ tree-filter:$ index-filter:$ parent-filter:$ msg-filter:$ commit-filter:$ tag-name-filter:$ "
     "subdirectory-filter: original: d: state-branch:",
     0, kData},
    {"git for-each-repo", Inner::kGit, "config: keep-going"},
    {"git grep", Inner::kNothing, "O?| open-files-in-pager?| e: f: A: B: C: m: max-depth: threads: max-count:", 0,
     kData},
    {"git ls-remote", Inner::kNothing, "upload-pack:| exec:|", 0, kData},
    {"git pull", Inner::kNothing, kGitFetchOptions, 0, kData},
    {"git push", Inner::kNothing, kGitPushOptions, 0, kData},
    {"git rebase", Inner::kNothing, "x:$ exec:$ s: strategy: X: strategy-option: onto: C: whitespace:", 0, kData},
    {"git send-email", Inner::kNothing,
     "sendmail-cmd:| smtp-server:$ to-cmd:| cc-cmd:| header-cmd:| to: cc: bcc: from: subject: in-reply-to: "
     "compose-encoding:",
     0, kData},
    {"git send-pack", Inner::kNothing, kGitPushOptions, 0, kData},
    {"git submodule", Inner::kSubcommand, "q quiet cached"},
    {"git submodule foreach", Inner::kTextOrWords, "recursive q quiet"},
    {"goenv exec"},
    {"hatch run"},
    {"incus exec", Inner::kOtherMachine, kIncusExecOptions, 1},
    {"jenv exec"},
    {"lxc exec", Inner::kOtherMachine, kIncusExecOptions, 1},
    {"machinectl shell", Inner::kOtherMachine,
     "E:= setenv:= uid: q quiet M: machine: user H: host: no-ask-password no-pager", 1},
    {"mamba run", Inner::kCommand, kCondaOptions},
    {"micromamba run", Inner::kCommand, kCondaOptions},
    {"mise exec", Inner::kNothing, kMiseOptions, 0, kData},
    {"mise x", Inner::kNothing, kMiseOptions, 0, kData},
    {"nix develop", Inner::kNothing, kNixDevelopOptions, 0, kData},
    {"nix shell", Inner::kNothing, kNixDevelopOptions, 0, kData},
    {"nodenv exec"},
    {"npm exec", Inner::kCommand, kNpmExecOptions},
    {"npm x", Inner::kCommand, kNpmExecOptions},
    {"nvm exec", Inner::kCommand, "silent lts?", 1},
    {"op run", Inner::kCommand, "env-file: no-masking environment:"},
    {"opam exec", Inner::kCommand, "switch: set-root set-switch readonly no-self-upgrade y yes q quiet v verbose"},
    {"pdm run", Inner::kCommand, "p: project: g global s site-packages l^ list^ j recreate venv: skip: k: quiet"},
    {"perf record", Inner::kCommand, kPerfRecordOptions},
    {"perf stat", Inner::kCommand, kPerfRecordOptions},
    {"perf trace", Inner::kCommand, kPerfRecordOptions},
    {"phpenv exec"},
    {"pipenv run", Inner::kCommand, "system"},
    {"pipx run", Inner::kCommand,
     "spec: verbose quiet q v no-cache path pypackages python: system-site-packages index-url: i: editable e pip-args: "
     "with: fetch-missing-python"},
    {"pixi run", Inner::kCommand,
     "manifest-path: e: environment: frozen locked no-install clean-env skip-deps n dry-run^ x executable"},
    {"plenv exec"},
    {"pnpm dlx", Inner::kTextOrWords, kPnpmDlxOptions},
    {"pnpm exec", Inner::kTextOrWords, kPnpmDlxOptions},
    {"poetry run"},
    {"pyenv exec"},
    {"rbenv exec"},
    {"rtx exec", Inner::kNothing, kMiseOptions, 0, kData},
    {"rtx x", Inner::kNothing, kMiseOptions, 0, kData},
    {"rustup run", Inner::kCommand, "install", 1},
    {"rye run", Inner::kCommand, "l^ list^ pyproject: v verbose q quiet"},
    {"tmux display-popup", Inner::kTextOrWords, kTmuxDisplayPopupOptions},
    {"tmux if", Inner::kShellTexts, "b F t:"},
    {"tmux if-shell", Inner::kShellTexts, "b F t:"},
    {"tmux new", Inner::kTextOrWords, kTmuxNewOptions},
    {"tmux new-session", Inner::kTextOrWords, kTmuxNewOptions},
    {"tmux new-window", Inner::kTextOrWords, kTmuxNewWindowOptions},
    {"tmux neww", Inner::kTextOrWords, kTmuxNewWindowOptions},
    {"tmux pipe-pane", Inner::kShellTexts, "I O o t:"},
    {"tmux pipep", Inner::kShellTexts, "I O o t:"},
    {"tmux popup", Inner::kTextOrWords, kTmuxDisplayPopupOptions},
    {"tmux respawn-pane", Inner::kTextOrWords, "k c:/ e:= t:"},
    {"tmux respawn-window", Inner::kTextOrWords, "k c:/ e:= t:"},
    {"tmux respawnp", Inner::kTextOrWords, "k c:/ e:= t:"},
    {"tmux respawnw", Inner::kTextOrWords, "k c:/ e:= t:"},
    {"tmux run", Inner::kShellTexts, "b C c:/ d: t:"},
    {"tmux run-shell", Inner::kShellTexts, "b C c:/ d: t:"},
    {"tmux send", Inner::kKeys, "F H K l M R X N: c: t:"},
    {"tmux send-keys", Inner::kKeys, "F H K l M R X N: c: t:"},
    {"tmux split-window", Inner::kTextOrWords, kTmuxSplitWindowOptions},
    {"tmux splitw", Inner::kTextOrWords, kTmuxSplitWindowOptions},
    {"uv run", Inner::kCommand,
     "from: with: with-editable: with-requirements: isolated q quiet v verbose p: python: refresh no-cache n offline "
     "index: default-index: index-url: i: extra-index-url: f: find-links: U upgrade P: upgrade-package: directory:/ "
     "project: config-file: no-config env-file: no-env-file cache-dir: color: prerelease: resolution: exclude-newer: "
     "link-mode: managed-python no-managed-python no-python-downloads allow-insecure-host: native-tls no-progress "
     "compile-bytecode h^ help^ V^ version^ extra: all-extras no-extra: no-dev only-dev group: no-group: "
     "no-default-groups only-group: all-groups no-editable inexact exact active no-sync locked frozen m module s "
     "script gui-script all-packages package: no-project only-emit with-project dev"},
    {"uv tool", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"uv tool run", Inner::kCommand,
     "from: with: with-editable: with-requirements: isolated q quiet v verbose p: python: refresh no-cache n offline "
     "index: default-index: index-url: i: extra-index-url: f: find-links: U upgrade P: upgrade-package: directory:/ "
     "project: config-file: no-config env-file: no-env-file cache-dir: color: prerelease: resolution: exclude-newer: "
     "link-mode: managed-python no-managed-python no-python-downloads allow-insecure-host: native-tls no-progress "
     "compile-bytecode h^ help^ V^ version^"},
    {"volta run", Inner::kCommand, "node: npm: pnpm: yarn: env:= bundled-npm no-pnpm no-yarn verbose quiet"},
    {"yarn dlx", Inner::kCommand, kYarnDlxOptions},
    {"yarn exec", Inner::kCommand, kYarnDlxOptions},
});

constexpr bool IsBefore(const Runner& left, const Runner& right) { return left.name < right.name; }
static_assert(std::is_sorted(kSubcommands.begin(), kSubcommands.end(), IsBefore));

}  // namespace

std::optional<Runner> FindSubcommand(std::string_view program, std::string_view subcommand, bool shortened) {
  std::string name(program);
  name.append(" ").append(subcommand);
  const std::optional<Runner> found = PackedRunners<kSubcommands>::FirstNotBefore(name);
  const bool fits = found && !subcommand.empty() && (shortened ? found->name.starts_with(name) : found->name == name);
  return fits ? found : std::nullopt;
}

}  // namespace safe_docker::shell

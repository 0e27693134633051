// The programs that run other programs, sorted by name. What the marks of the options mean stands in runners.hpp.
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

constexpr std::string_view kAlacrittyOptions =
    "e> command> T: t: title: class: o: option: config-file: config: c: working-directory:/ D:/ a: app-id: hold w: W: "
    "F f: socket: m maximized fullscreen";
constexpr std::string_view kAtOptions = "f:; q: t: c^ l^ d^ r^ V^ m M b v";
constexpr std::string_view kXtermOptions =
    "e> T: title: class: name: fg: bg: fn: fa: fs: geometry: hold n: into: display: bd: ms: xrm: cd:/ b: w: tn: j ls "
    "sb rv bc cr: l lf: sl:";
constexpr std::string_view kTarOptions =
    "I:! use-compress-program:! to-command:$ checkpoint-action:& rmt-command:! rsh-command:! F:$ info-script:$ "
    "new-volume-script:$ f: file: b: blocking-factor: C: directory: g: listed-incremental: H: format: K: "
    "starting-file: L: tape-length: N: newer: T: files-from: V: label: X: exclude-from: exclude: transform: xform: "
    "strip-components: owner: group: mode: mtime: sort: suffix: record-size: index-file: quoting-style: warning: "
    "level:";
constexpr std::string_view kConcOptions =
    "n: names: name-separator: c: prefix-colors: p: prefix: l: prefix-length: t: timestamp-format: m: max-processes: "
    "s: success: restart-tries: restart-after: default-input-target: kill-signal: hide: P";
constexpr std::string_view kDbusLaunchOptions =
    "dbus-daemon: config-file: exit-with-session sh-syntax csh-syntax auto-syntax autolaunch: binary-syntax "
    "close-stderr help^ version^";
constexpr std::string_view kDeepinTerminalOptions = "e> x:$ xterm-execute> execute> exec> d:/ t: title:";
constexpr std::string_view kVimOptions = "c:. cmd:. S: u: U: t: T: w: W: i: P: servername: startuptime: listen:";
constexpr std::string_view kGnomeTerminalOptions =
    "e:$ command:$ x> execute> working-directory:/ tab window profile: title: t: geometry: role: load-config: zoom: "
    "wait hide-menubar active maximize full-screen display:";
constexpr std::string_view kHwatchOptions =
    "n: interval: d? differences? t no-title p precise s shell: shell: shell-options: c clockwork e exec pty "
    "disable_auto_save debug";
constexpr std::string_view kI386Options =
    "B F I L R S T X Z 3 v uname-2.6 32bit fdpic-funcptrs short-inode addr-compat-layout addr-no-randomize "
    "whole-seconds sticky-timeouts read-implies-exec mmap-page-zero 3gb 4gb verbose list^ show? h^ help^ V^ version^";
constexpr std::string_view kLessOptions = "k: o: O: p: P: t: T: x: y: z: b: h: j:";
constexpr std::string_view kLxterminalOptions =
    "e:$ command:$ x> execute> H hold T: title: working-directory:/ I: icon: geometry: display: tab window l: layout: "
    "p: profile:";
constexpr std::string_view kProxychainsOptions =
    "q f: a: P: i u: p: d quiet isolate shell% address: port: user: pass: h^ help^ V^ version^";
constexpr std::string_view kSloginOptions =
    "4 6 A a C f G g K k M N n q s T t V^ v X x Y y B: b: c: D: E: e: F: I: i: J: L: l: m: O:^ o:& P: p: Q:^ R: S: W: "
    "w:";
constexpr std::string_view kTiniOptions = "p: e: s v g w h^ version^ l^";
constexpr std::string_view kWaitForOptions = "h: host: p: port: s strict q quiet t: timeout: -->";

constexpr auto kRunners = std::to_array<Runner>({
    {"abduco", Inner::kCommand, "a^ c n A r l q f p e: v^", 1},
    {"alacritty", Inner::kCommand, kAlacrittyOptions},
    {"asciinema", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"asdf", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"at", Inner::kShellInput, kAtOptions, 0, Runner::kOptionsAnywhere},
    {"aterm", Inner::kNothing, kXtermOptions, 0,
     Runner::kOptionsAnywhere | Runner::kUnlistedFlags | Runner::kSingleDash},
    {"autossh", Inner::kOtherMachine,
     "4 6 A a C f G g K k M: N n q s T t V v X x Y y B: b: c: D: E: e: F: I: i: J: L: l: m: O:^ o:& P: p: Q:^ R: S: W: "
     "w:",
     1},
    {"aws-vault", Inner::kSubcommand,
     "debug backend: prompt: keychain: secret-service-collection: pass-dir: pass-cmd: pass-prefix: file-dir: help^ "
     "version^",
     0, Runner::kGenericElse},
    {"batch", Inner::kShellInput, kAtOptions, 0, Runner::kOptionsAnywhere},
    {"bsdtar", Inner::kNothing, kTarOptions, 0, kData | Runner::kOldBundle},
    {"builtin", Inner::kCommand, "", 0, Runner::kInShell | Runner::kPrintsNothing},
    {"bun", Inner::kSubcommand, "cwd:/ c: config: e: eval: p: print: r: preload: b bun i silent watch hot smol", 0,
     Runner::kGenericElse},
    {"bundle", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"bundler", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"bunx", Inner::kCommand, "bun p: package: silent verbose no-install b"},
    {"busybox"},
    {"caffeinate", Inner::kCommand, "d i m s u t: w:"},
    {"capsh", Inner::kShell,
     "print supports: drop: has-p: caps: uid: gid: groups: user: secbits: chroot:# forkfor: killit: inh: mode: keep: "
     "strict noenv addamb: delamb: noamb decode: shell: quiet explain: suggest: has-a: has-b: has-i: is-uid: is-gid: "
     "has-ambient has-no-new-privs iab: -->"},
    {"catatonit", Inner::kCommand, "g P L^ h^ V^"},
    {"catchsegv"},
    {"ccache"},
    {"cgexec", Inner::kCommand, "g: sticky b h^ help^"},
    {"chamber", Inner::kSubcommand,
     "r: retries: v verbose b: backend: min-throttle-delay: retry-mode: backend-s3-bucket: kms-key-alias:", 0,
     Runner::kGenericElse},
    {"chokidar", Inner::kNothing, "c:$ command:$", 0, kData},
    {"chpst", Inner::kCommand, "u: U: e: n: l: L: b: m: d: o: p: f: c: r: t: v V P 0 1 2", 0, Runner::kOtherHome},
    {"chronic", Inner::kCommand, "v e"},
    {"chroot", Inner::kCommand, "groups: userspec: skip-chdir help^ version^", 1,
     Runner::kShellIfNone | Runner::kOtherDirectory},
    {"chrt", Inner::kCommand,
     "T: P: D: a b f i m^ o p^ r v R d e sched-runtime: sched-period: sched-deadline: all-tasks batch fifo idle other "
     "rr ext reset-on-fork deadline max^ pid^ verbose h^ help^ V^ version^",
     1, Runner::kNumericOperands},
    {"command", Inner::kCommand, "p v^ V^", 0, Runner::kInShell | Runner::kPrintsNothing},
    {"conc", Inner::kShellTexts, kConcOptions, 0, kData},
    {"concurrently", Inner::kShellTexts, kConcOptions, 0, kData},
    {"conda", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"corepack"},
    {"cpio", Inner::kNothing,
     "F: I: O: H: R: rsh-command:! file: format: owner: E: pattern-file: C: io-size: M: D: directory:", 0, kData},
    {"cpulimit", Inner::kCommand,
     "l: limit: p:^ pid:^ e:^ exe:^ P:^ path:^ z lazy i include-children k kill v verbose b background f foreground h^ "
     "help^"},
    {"crontab", Inner::kSchedule, "u: l^ r^ e^ i s n c^ V^", 0, Runner::kOptionsAnywhere},
    {"dbus-launch", Inner::kCommand, kDbusLaunchOptions},
    {"dbus-run-session", Inner::kCommand, kDbusLaunchOptions},
    {"deepin-terminal", Inner::kNothing, kDeepinTerminalOptions, 0, kData},
    {"devbox", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"direnv", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"distcc"},
    {"doas", Inner::kCommand, "C: u: L^ n s%", 0, Runner::kOtherHome | Runner::kDropsVariables},
    {"doppler", Inner::kSubcommand,
     "configuration: api-host: debug no-check-version no-read-env no-verify-tls print-config scope: t: token: silent "
     "json config-dir:",
     0, Runner::kGenericElse},
    {"dotenv", Inner::kCommand, "f: file: e: env: q: quote: export override o no-override v: p: c? help^ version^"},
    {"dotenvx", Inner::kSubcommand, "l: log-level: q quiet v verbose d debug h^ help^ version^", 0,
     Runner::kGenericElse},
    {"dtach", Inner::kCommand, "a^ c n A N p^ e: E r: z", 1},
    {"dumb-init", Inner::kCommand, "r: c v V^ h^ rewrite: single-child verbose help^ version^"},
    {"eatmydata"},
    {"ed", Inner::kEditor, "p: E G l r s v", 0, kData},
    {"elvis", Inner::kEditor, kVimOptions, 0, kData},
    {"entr", Inner::kTextOrWords, "a c d n p r s x z"},
    {"env", Inner::kCommand,
     "i* -* ignore-environment* 0 null u:< unset:< C:/ chdir:/ S:, split-string:, v debug a: argv0: block-signal? "
     "default-signal? ignore-signal? list-signal-handling P: help^ version^",
     0, Runner::kAssignments | Runner::kPrintsNothing},
    {"envchain", Inner::kCommand, "require-passphrase noecho n r s set^ l list^", 1},
    {"envdir", Inner::kCommand, "", 1},
    {"eterm", Inner::kNothing, kXtermOptions, 0,
     Runner::kOptionsAnywhere | Runner::kUnlistedFlags | Runner::kSingleDash},
    {"ex", Inner::kEditor, kVimOptions, 0, kData},
    {"exec", Inner::kCommand, "a: c* l", 0, Runner::kPrintsNothing},
    {"fakechroot", Inner::kCommand,
     "s u l: lib: b: c: d: e: elfloader: environment: config-dir: bindir: use-system-libs h^ help^ V^ version^ v^", 0,
     Runner::kShellIfNone | Runner::kOtherDirectory},
    {"fakeroot", Inner::kCommand,
     "l: lib: s: i: b: f: faked: save-file: load-file: fd-base: u unknown-is-real h^ help^ V^ version^ v^", 0,
     Runner::kShellIfNone},
    {"faketime", Inner::kCommand, "m p: f exclude-monotonic pid: help^ version^", 1},
    {"fd", Inner::kFind},
    {"fdfind", Inner::kFind},
    {"find", Inner::kFind},
    {"firejail", Inner::kCommand, "", 0, Runner::kUnlistedFlags},
    {"flock", Inner::kCommand,
     "s x u n w: E: o c:$ F e v shared exclusive unlock nonblock nb timeout: wait: conflict-exit-code: close command:$ "
     "no-fork verbose fcntl h^ help^ V^ version^",
     1},
    {"flox", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"fnm", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"foot", Inner::kCommand, kAlacrittyOptions},
    {"footclient", Inner::kCommand, kAlacrittyOptions},
    {"gdb", Inner::kNothing,
     "args> ex:. eval-command:. iex:. init-eval-command:. eiex:. ix: x: command: init-command: s: symbols: e: exec: "
     "se: c: core: p: pid: d: directory: cd:/ b: l: batch nx nh n q quiet silent tui tty: i: interpreter:",
     0, Runner::kOptionsAnywhere | Runner::kUnlistedFlags | Runner::kSingleDash},
    {"ghostty", Inner::kCommand, kAlacrittyOptions},
    {"git", Inner::kGit,
     "C:/ c:& config-env:& p paginate P no-pager no-replace-objects bare git-dir: work-tree: namespace: super-prefix: "
     "exec-path? literal-pathspecs glob-pathspecs noglob-pathspecs icase-pathspecs no-optional-locks no-lazy-fetch "
     "no-advice list-cmds: attr-source: html-path^ man-path^ info-path^ v^ h^ help^ version^"},
    {"gnome-terminal", Inner::kCommand, kGnomeTerminalOptions, 0, Runner::kUnlistedFlags},
    {"goenv", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"gosu", Inner::kCommand, "t^ v^ h^ help^ version^", 1, Runner::kOtherHome},
    {"gvim", Inner::kEditor, kVimOptions, 0, kData},
    {"hatch", Inner::kSubcommand,
     "e: env: p: project: v verbose q quiet color no-color interactive no-interactive data-dir: cache-dir: config:", 0,
     Runner::kGenericElse},
    {"heaptrack", Inner::kCommand,
     "d debug r raw use-inject i: interpret: o: output: p:^ pid:^ a:^ analyze:^ record-only"},
    {"hwatch", Inner::kShellText, kHwatchOptions},
    {"hyperfine", Inner::kShellTexts,
     "p:$ prepare:$ s:$ setup:$ c:$ cleanup:$ C:$ conclude:$ reference:$ reference-name: n: command-name: w: warmup: "
     "m: min-runs: M: max-runs: r: runs: P: parameter-scan: D: parameter-step-size: L: parameter-list: S: shell: N i "
     "ignore-failure style: sort: u: time-unit: export-asciidoc: export-csv: export-json: export-markdown: "
     "export-orgmode: output: input: show-output",
     0, kData},
    {"i386", Inner::kCommand, kI386Options, 0, Runner::kShellIfNone},
    {"incus", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"ionice", Inner::kCommand, "c: n: t class: classdata: ignore p^ P^ u^ pid^ pgid^ uid^ h^ help^ V^ version^"},
    {"jenv", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"jobs", Inner::kNothing, "x> l^ n^ p^ r^ s^", 0, Runner::kOptionsAnywhere},
    {"kitty", Inner::kCommand,
     "c: config: o: override: T: title: class: name: d:/ directory:/ working-directory:/ detach session: hold 1 "
     "single-instance instance-group: listen-on: start-as: e>"},
    {"konsole", Inner::kNothing,
     "e> hold workdir:/ p: profile: new-tab builtin-profile layout: tabs-from-file: name: geometry:", 0, kData},
    {"less", Inner::kEditor, kLessOptions, 0, kData},
    {"linux32", Inner::kCommand, kI386Options, 0, Runner::kShellIfNone},
    {"linux64", Inner::kCommand, kI386Options, 0, Runner::kShellIfNone},
    {"lldb", Inner::kNothing,
     "o:. one-line:. O:. one-line-before-file:. k:. one-line-on-crash:. s: source: f: file: c: core: p: attach-pid: n: "
     "attach-name: b batch Q -->",
     0, kData},
    {"ltrace", Inner::kCommand,
     "a: A: e: F: l: L n: o: p: s: u: w: x: b c C d D: f h^ i r S t T V^ align: config: debug: demangle indent: "
     "library: output: no-signals where: help^ version^"},
    {"lxc", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"lxc-attach", Inner::kOtherMachine,
     "n: name: e: f: rcfile: a: s: R L: pty-log: v: set-var: keep-env clear-env keep-var: u: uid: g: gid: P: lxcpath: "
     "o: logfile: l: logpriority:"},
    {"lxterminal", Inner::kCommand, kLxterminalOptions, 0, Runner::kUnlistedFlags},
    {"machinectl", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"mamba", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"man", Inner::kNothing,
     "P:$ pager:$ H?$ html?$ X? p: preprocessor: C: config-file: E: encoding: L: locale: m: systems: M: manpath: S: s: "
     "sections: e: extension: r: prompt: R: recode:",
     0, kData},
    {"mate-terminal", Inner::kCommand, kGnomeTerminalOptions, 0, Runner::kUnlistedFlags},
    {"micromamba", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"mise", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"mlterm", Inner::kNothing, kXtermOptions, 0,
     Runner::kOptionsAnywhere | Runner::kUnlistedFlags | Runner::kSingleDash},
    {"mosh", Inner::kOtherMachine,
     "ssh:! client:! server: predict: a n 4 6 p: port: local no-init ssh-pty no-ssh-pty bind-server: family: "
     "experimental-remote-ip: help^ version^",
     1},
    {"most", Inner::kEditor, kLessOptions, 0, kData},
    {"newgrp", Inner::kNothing, "- c:$", 0, Runner::kShellIfNone | Runner::kOptionsAnywhere},
    {"nice", Inner::kCommand, "n: adjustment: help^ version^", 0, Runner::kNumberOptions | Runner::kPrintsNothing},
    {"nix", Inner::kSubcommand,
     "extra-experimental-features: experimental-features: option: L print-build-logs v verbose quiet offline refresh "
     "debug accept-flake-config no-update-lock-file impure",
     0, Runner::kGenericElse},
    {"nix-shell", Inner::kNothing, "run:$ command:$ attr: A: I: keep: i: option: j: Q", 0, kData},
    {"nodemon", Inner::kNothing, "x:$ exec:$ e: ext: w: watch: i: ignore: d: delay: s: signal: C", 0, kData},
    {"nodenv", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"nohup", Inner::kCommand, "help^ version^", 0, Runner::kPrintsNothing},
    {"npm", Inner::kSubcommand,
     "prefix:/ C:/ w: workspace: workspaces ws loglevel: userconfig: registry: cache: s silent q quiet d dd ddd y yes "
     "g "
     "global offline prefer-offline ignore-scripts no-audit no-fund",
     0, Runner::kGenericElse},
    {"npx", Inner::kCommand,
     "c:$ call:$ p: package: y yes w: workspace: workspaces q quiet no-install no ignore-existing shell: "
     "shell-auto-fallback? n: node-arg: prefix: cache: userconfig: prefer-offline offline include-workspace-root h^ "
     "help^ v^ version^"},
    {"nq"},
    {"nsenter", Inner::kCommand,
     "a t: m? u? i? n? p? C? U? T? S: G: r? w? W: F Z e c N: all target: mount? uts? ipc? net? pid? cgroup? user? "
     "time? setuid: setgid: root? wd? wdns: preserve-credentials no-fork follow-context env keep-caps join-cgroup "
     "user-parent net-socket: h^ help^ V^ version^",
     0, Runner::kShellIfNone | Runner::kOtherDirectory},
    {"numactl", Inner::kCommand,
     "a all i: interleave: p: preferred: P: preferred-many: m: membind: N: cpunodebind: C: physcpubind: l localalloc b "
     "balancing s^ show^ H^ hardware^ w: weighted-interleave: cpubind: huge shmmode: f: file: shm: o: offset: length: "
     "strict touch dump^ h^ help^ version^"},
    {"nview", Inner::kEditor, kVimOptions, 0, kData},
    {"nvim", Inner::kEditor, kVimOptions, 0, kData},
    {"nvm", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"op", Inner::kSubcommand, "account: cache? config: debug encoding: format: iso-timestamps no-color session:", 0,
     Runner::kGenericElse},
    {"opam", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"parallel", Inner::kParallel,
     "0, null, j: jobs: a:, arg-file:, n:, max-args:, N:, max-replace-args:, L:, l?, max-lines?, I:, i?, replace?, d:, "
     "delimiter:, C:, colsep:, X, xargs, m, P: max-procs: s:, max-chars:, k keep-order q, quote, u ungroup v t verbose "
     "line-buffer lb linebuffer tag tagstring: bar eta progress dry-run^ will-cite no-notice delay: timeout: retries: "
     "joblog: results: halt: halt-on-error: load: memfree: noswap nice: arg-sep:, arg-file-sep:, S:, sshlogin:, slf: "
     "sshloginfile: onall, nonall, workdir:/ wd:/ tmpdir: tempdir: env: group no-run-if-empty r pipe, pipepart, block: "
     "recstart: recend: cat, fifo, resume resume-failed shuf shebang, hashbang, semaphore, basefile: bf: return: "
     "cleanup transfer trc: trim:, rpl:, link, xapply, plus, header:, bibtex^ citation^ number-of-cpus^ "
     "number-of-cores^ show-limits^ silent max-line-length-allowed^ limit:$ controlmaster M ssh:! shellquote^ compress "
     "compress-program:$ decompress-program:$ E:, eof?, x exit tty tmux fg bg help^ version^ V^"},
    {"pdm", Inner::kSubcommand, "q quiet v verbose c: config: I ignore-python n non-interactive", 0,
     Runner::kGenericElse},
    {"perf", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"pgrphack", Inner::kCommand, "n N x X", 1},
    {"phpenv", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"pipenv", Inner::kSubcommand, "python: site-packages q quiet v verbose bare", 0, Runner::kGenericElse},
    {"pipx", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"pixi", Inner::kSubcommand, "v verbose q quiet color: no-progress", 0, Runner::kGenericElse},
    {"pkexec", Inner::kCommand, "user: u: disable-internal-agent keep-cwd help^ version^", 0,
     Runner::kOtherHome | Runner::kOtherDirectory | Runner::kDropsVariables},
    {"plenv", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"pnpm", Inner::kSubcommand,
     "r recursive w workspace-root C:/ dir:/ filter: F: s silent color no-color stream aggregate-output reporter: "
     "loglevel: use-stderr ignore-workspace",
     0, Runner::kGenericElse},
    {"pnpx", Inner::kTextOrWords,
     "c shell-mode r recursive parallel w workspace-root C:/ dir:/ filter: F: s silent no-bail sort no-sort reverse "
     "resume-from: report-summary package: p: allow-build: color no-color workspace-concurrency:"},
    {"poetry", Inner::kSubcommand,
     "q quiet n no-interaction C:/ directory:/ P: project: no-plugins no-cache ansi no-ansi v", 0,
     Runner::kGenericElse},
    {"prlimit", Inner::kCommand,
     "p:^ pid:^ o: output: noheadings raw verbose c? d? e? f? i? l? m? n? q? r? s? t? u? v? x? y? core? data? nice? "
     "fsize? sigpending? memlock? rss? nofile? msgqueue? rtprio? stack? cpu? nproc? as? locks? rttime? h^ help^ V^ "
     "version^"},
    {"proot", Inner::kCommand,
     "r:# rootfs:# b: bind: m: mount: q: qemu: w:/ pwd:/ cwd:/ v: verbose: 0 root-id i: change-id: S:# R:# k: "
     "kernel-release: link2symlink l kill-on-exit h^ help^ V^ version^",
     0, Runner::kShellIfNone | Runner::kOtherDirectory},
    {"proxychains", Inner::kCommand, kProxychainsOptions},
    {"proxychains4", Inner::kCommand, kProxychainsOptions},
    {"pyenv", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"qterminal", Inner::kNothing, kDeepinTerminalOptions, 0, kData},
    {"rbenv", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"reflex", Inner::kCommand,
     "r: regex: R: inverse-regex: g: glob: G: inverse-glob: s start-service t: shutdown-timeout: d: decoration: "
     "only-files only-dirs all substitute: c: config: sequential"},
    {"retry", Inner::kCommand, "d: delay: t: times: m: max: until: u: v verbose h^ help^"},
    {"rlwrap", Inner::kCommand,
     "a? b: c C: D: e: f: F: g: H: i I l: m? M: n N o O: p? P: q: r R s: S: t: T U: v w: W? X z: always-readline? "
     "break-chars: complete-filenames command-name: history-no-dupes: file: history-format: history-filename: "
     "case-insensitive pass-sigint-as-sigterm logfile: multi-line? no-warnings no-children one-shot only-cook: "
     "prompt-colour? pre-given: quote-characters: remember renice histsize: substitute-prompt: set-term-name: "
     "mirror-arguments ansi-colour-aware wait-before-prompt: polling? filter: h^ help^ V^ version^"},
    {"rsync", Inner::kNothing,
     "e:! rsh:! rsync-path:$ f: filter: exclude: include: exclude-from: include-from: files-from: B: block-size: T: "
     "temp-dir: compare-dest: copy-dest: link-dest: log-file: log-file-format: out-format: password-file: port: "
     "bwlimit: max-size: min-size: timeout: contimeout: address: sockopts: chmod: chown: usermap: groupmap: M: "
     "remote-option: partial-dir: backup-dir: suffix: modify-window: iconv: checksum-seed: max-delete: early-input: "
     "stop-after: stop-at: write-batch: read-batch: only-write-batch: debug: info:",
     0, kData},
    {"rtx", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"run0", Inner::kCommand,
     "user: u: group: g: unit: property: description: slice: slice-inherit nice: chdir:/ D:/ setenv:= background: "
     "machine: pty pipe shell-prompt-prefix: no-ask-password help^ version^",
     0, Runner::kOtherHome | Runner::kOtherDirectory | Runner::kDropsVariables | Runner::kShellIfNone},
    {"runcon", Inner::kCommand, "c t:, u:, r:, l:, compute type:, user:, role:, range:, help^ version^", 1,
     Runner::kOptionsForOperands},
    {"runuser", Inner::kCommand,
     "l~ -~ m+ p+ f P c:$ g: G: s: T w: login~ preserve-environment+ fast pty no-pty command:$ session-command:$ "
     "group: supp-group: shell: whitelist-environment: h^ help^ V^ version^ u: user:",
     0, Runner::kOtherHome | Runner::kShellIfNone},
    {"rustup", Inner::kSubcommand, "v verbose q quiet", 0, Runner::kGenericElse},
    {"rvim", Inner::kEditor},
    {"rxvt", Inner::kNothing, kXtermOptions, 0,
     Runner::kOptionsAnywhere | Runner::kUnlistedFlags | Runner::kSingleDash},
    {"rye", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"s6-envdir", Inner::kCommand, "f n L N: I i c: v:", 1},
    {"s6-envuidgid", Inner::kCommand, "", 1, Runner::kOtherHome},
    {"s6-setlock", Inner::kCommand, "", 1, Runner::kOtherHome},
    {"s6-setsid", Inner::kCommand, "s b d i I f g q"},
    {"s6-setuidgid", Inner::kCommand, "", 1, Runner::kOtherHome},
    {"s6-softlimit", Inner::kCommand, "h s H a: c: d: f: l: m: o: p: r: t: v:"},
    {"sakura", Inner::kNothing, kDeepinTerminalOptions, 0, kData},
    {"scan-build"},
    {"scp", Inner::kNothing, "S:! o:& D:! c: F: i: J: l: P: X:", 0, kData},
    {"screen", Inner::kScreen,
     "a A c: d D e: f h: i L Logfile: m O p: q Q^ r? R? s: S: t: T: U v^ x X> ls^ list^ wipe^", 0,
     Runner::kShellIfNone | Runner::kSingleDash},
    {"script", Inner::kCommand,
     "a e f q F r k d^ p^ c:$ E: I: O: B: T: t? m: o: append return flush force quiet command:$ echo: log-in: log-out: "
     "log-io: log-timing: timing? logging-format: output-limit: h^ help^ V^ version^",
     1, Runner::kShellIfNone},
    {"scriptlive", Inner::kNothing,
     "B: T: I: c:$ command:$ d: divisor: m: maxdelay: log-io: log-in: log-timing: timing: h^ help^ V^ version^", 0,
     Runner::kOptionsAnywhere},
    {"sed", Inner::kSed,
     "e:. expression:. f:, file:, n r E s u z i? in-place? l: line-length: b posix debug sandbox follow-symlinks "
     "null-data quiet silent regexp-extended separate unbuffered help^ version^",
     0, kData},
    {"sem", Inner::kCommand, "id: j: jobs: semaphorename: fg wait u pipe timeout: st: semaphoretimeout: will-cite"},
    {"setarch", Inner::kCommand, kI386Options, 0, Runner::kShellIfNone},
    {"setlock", Inner::kCommand, "n N x X", 1},
    {"setpriv", Inner::kCommand,
     "d^ dump^ nnp no-new-privs clear-groups keep-groups init-groups reset-env* ambient-caps: inh-caps: bounding-set: "
     "ruid: euid: rgid: egid: reuid: regid: groups: securebits: pdeathsig: selinux-label: apparmor-profile: "
     "landlock-access: landlock-rule: seccomp-filter: list-caps^ h^ help^ V^ version^",
     0, Runner::kOtherHome},
    {"setsid", Inner::kCommand, "c f w ctty fork wait h^ help^ V^ version^"},
    {"setuidgid", Inner::kCommand, "s", 1, Runner::kOtherHome},
    {"sftp", Inner::kNothing, "S:! o:& D:! s: b: B: c: F: i: J: l: P: R: X:", 0, kData},
    {"sg", Inner::kShellText, "c:$ -", 1, Runner::kShellIfNone},
    {"slogin", Inner::kOtherMachine, kSloginOptions, 1},
    {"socat", Inner::kAddresses, "", 0, kData},
    {"softlimit", Inner::kCommand, "m: d: s: l: a: o: p: f: c: r: t:"},
    {"sort", Inner::kNothing,
     "compress-program:! k: t: S: T: o: key: field-separator: buffer-size: temporary-directory: output: files0-from: "
     "batch-size: parallel: sort:",
     0, kData},
    {"split", Inner::kNothing,
     "filter:$ a: b: C: l: n: t: suffix-length: additional-suffix: bytes: line-bytes: lines: number: separator: "
     "hex-suffixes? numeric-suffixes?",
     0, kData},
    {"ssh", Inner::kOtherMachine, kSloginOptions, 1},
    {"ssh-agent", Inner::kCommand, "a: c^ D E: k^ O: P: s^ t: d T"},
    {"ssh-copy-id", Inner::kNothing, "i: p: o:& F: t:", 0, kData},
    {"sshfs", Inner::kNothing, "o:& p: F:", 0, kData},
    {"sshpass", Inner::kCommand, "p: f: d: P: e v h^ V^"},
    {"st", Inner::kNothing, kXtermOptions, 0, Runner::kOptionsAnywhere | Runner::kUnlistedFlags | Runner::kSingleDash},
    {"start-stop-daemon", Inner::kStarter,
     "S start K^ stop^ T^ status^ H^ a:, startas:, x:, exec:, p: pidfile: ppid: n: name: u: user: c: chuid: s: signal: "
     "R: retry: g: group: r:# chroot:# d:/ chdir:/ N: nicelevel: P: procsched: I: iosched: k: umask: b background C "
     "no-close notify-await notify-timeout: m make-pidfile remove-pidfile v verbose o oknodo t test q quiet O: output: "
     "help^ version^",
     0, Runner::kOtherHome},
    {"stdbuf", Inner::kCommand, "i: o: e: input: output: error: help^ version^"},
    {"strace", Inner::kCommand,
     "a: e: E:= I: o: O: p: P: s: S: u: U: X: b: c C d D f F h^ i k n N q r t T v V^ w x y Y z Z A attach: env:= "
     "trace: abbrev: verbose: raw: signal: status: read: write: fault: inject: kvm: output: output-append-mode "
     "string-limit: string-limits columns: interruptible: user: argv0: seccomp-bpf summary summary-only "
     "summary-wall-clock summary-sort-by: summary-columns: summary-syscall-overhead: follow-forks output-separately "
     "daemonize? syscall-number instruction-pointer stack-trace? relative-timestamps? absolute-timestamps? timestamps? "
     "syscall-times? no-abbrev strings-in-hex? const-print-style: decode-fds? decode-pids? pidns-translation "
     "failed-only failing-only successful-only debug quiet? silent? silence? trace-path: detach-on: secontext? tips? "
     "help^ version^"},
    {"su", Inner::kUserShell,
     "l~ -~ m+ p+ f P c:$ g: G: s: T w: login~ preserve-environment+ fast pty no-pty command:$ session-command:$ "
     "group: supp-group: shell: whitelist-environment: h^ help^ V^ version^",
     0, Runner::kOtherHome | Runner::kShellIfNone | Runner::kOptionsAnywhere},
    {"su-exec", Inner::kCommand, "", 1, Runner::kOtherHome},
    {"sudo", Inner::kCommand,
     "A b B E+ e^ H i~ K k l^ n N P S s% v^ V^ u: g: p: C: D:/ h? r: t: T: U: R:# askpass background bell "
     "preserve-env?+ edit^ set-home login~ remove-timestamp reset-timestamp list^ non-interactive no-update "
     "preserve-groups stdin shell% validate^ user: group: prompt: close-from: chdir:/ host: role: type: "
     "command-timeout: other-user: chroot:# help^ version^",
     0, Runner::kAssignments | Runner::kOtherHome | Runner::kDropsVariables},
    {"systemd-cat", Inner::kCommand,
     "t: identifier: p: priority: stderr-priority: level-prefix: namespace: h^ help^ V^ version^"},
    {"systemd-inhibit", Inner::kCommand,
     "no-ask-password no-pager no-legend what: who: why: mode: list^ h^ help^ V^ version^"},
    {"systemd-run", Inner::kCommand,
     "user system scope u: unit: p: property: description: slice: slice-inherit expand-environment: no-block r "
     "remain-after-exit wait send-sighup service-type: uid: gid: nice: working-directory:/ d same-dir E:= setenv:= t "
     "pty P pipe q quiet collect G shell% S% on-active: on-boot: on-startup: on-unit-active: on-unit-inactive: "
     "on-calendar: on-clock-change on-timezone-change path-property: socket-property: timer-property: no-ask-password "
     "H: host: M: machine: background: json: ignore-failure h^ help^ V^ version^",
     0, Runner::kOtherHome | Runner::kOtherDirectory | Runner::kDropsVariables},
    {"tar", Inner::kNothing, kTarOptions, 0, kData | Runner::kOldBundle},
    {"taskset", Inner::kCommand, "a p^ c all-tasks pid^ cpu-list h^ help^ V^ version^", 1},
    {"terminalizer", Inner::kNothing, "c:$ command:$", 0, kData},
    {"terminator", Inner::kCommand, kLxterminalOptions, 0, Runner::kUnlistedFlags},
    {"terminology", Inner::kNothing, kDeepinTerminalOptions, 0, kData},
    {"termtosvg", Inner::kNothing, "c:$ command:$", 0, kData},
    {"tilix", Inner::kCommand, kLxterminalOptions, 0, Runner::kUnlistedFlags},
    {"time", Inner::kCommand, "f: o: a p q v l h format: output: append portability quiet verbose V^ help^ version^"},
    {"timeout", Inner::kCommand, "k: s: v f p kill-after: signal: foreground preserve-status verbose help^ version^", 1,
     Runner::kPrintsNothing},
    {"tini", Inner::kCommand, kTiniOptions},
    {"tini-static", Inner::kCommand, kTiniOptions},
    {"tmux", Inner::kTmux, "2 C D l N u v c:$ f: L: S: T: V^"},
    {"torify", Inner::kCommand, kProxychainsOptions},
    {"torsocks", Inner::kCommand, kProxychainsOptions},
    {"toybox"},
    {"trickle", Inner::kCommand, "h^ V^ v s u: d: w: t: l: n: L: P:"},
    {"ts"},
    {"tsocks", Inner::kCommand, kProxychainsOptions},
    {"tsp"},
    {"ttyrec", Inner::kNothing, "a u e:$", 0, kData},
    {"uclampset", Inner::kCommand,
     "m: M: a R p^ s^ v all-tasks reset-on-fork system^ pid^ verbose h^ help^ V^ version^"},
    {"unbuffer", Inner::kCommand, "p"},
    {"unshare", Inner::kCommand,
     "m u i n p U C T f r c S: G: R:# w:/ mount? uts? ipc? net? pid? user? cgroup? time? fork map-user: map-group: "
     "map-root-user map-current-user map-auto map-users: map-groups: kill-child? mount-proc? propagation: setgroups: "
     "keep-caps root:# wd:/ setuid: setgid: monotonic: boottime: mount-binfmt? load-interp: l: owner: forward-signals "
     "h^ help^ V^ version^",
     0, Runner::kShellIfNone},
    {"urxvt", Inner::kNothing, kXtermOptions, 0,
     Runner::kOptionsAnywhere | Runner::kUnlistedFlags | Runner::kSingleDash},
    {"uv", Inner::kSubcommand,
     "q quiet v verbose color: native-tls offline allow-insecure-host: no-progress directory:/ project: config-file: "
     "no-config n no-cache cache-dir: managed-python no-managed-python no-python-downloads python-preference:",
     0, Runner::kGenericElse},
    {"uvx", Inner::kCommand,
     "from: with: with-editable: with-requirements: isolated q quiet v verbose p: python: refresh no-cache n offline "
     "index: default-index: index-url: i: extra-index-url: f: find-links: U upgrade P: upgrade-package: directory:/ "
     "project: config-file: no-config env-file: no-env-file cache-dir: color: prerelease: resolution: exclude-newer: "
     "link-mode: managed-python no-managed-python no-python-downloads allow-insecure-host: native-tls no-progress "
     "compile-bytecode h^ help^ V^ version^"},
    {"uxterm", Inner::kNothing, kXtermOptions, 0,
     Runner::kOptionsAnywhere | Runner::kUnlistedFlags | Runner::kSingleDash},
    {"valgrind", Inner::kCommand, "", 0, Runner::kUnlistedFlags},
    {"vi", Inner::kEditor, kVimOptions, 0, kData},
    {"viddy", Inner::kShellText, kHwatchOptions},
    {"view", Inner::kEditor, kVimOptions, 0, kData},
    {"vim", Inner::kEditor, kVimOptions, 0, kData},
    {"vimdiff", Inner::kEditor, kVimOptions, 0, kData},
    {"vimx", Inner::kEditor, kVimOptions, 0, kData},
    {"volta", Inner::kSubcommand, "", 0, Runner::kGenericElse},
    {"wait-for", Inner::kNothing, kWaitForOptions, 0, kData},
    {"wait-for-it", Inner::kNothing, kWaitForOptions, 0, kData},
    {"wait-for-it.sh", Inner::kNothing, kWaitForOptions, 0, kData},
    {"wait-for.sh", Inner::kNothing, kWaitForOptions, 0, kData},
    {"watch", Inner::kShellText,
     "n: q: b c C d? e g p r t w x s: interval: equexit: beep color no-color differences? errexit chgexit precise "
     "no-rerun no-title no-wrap no-linewrap exec shotsdir: h^ v^ help^ version^"},
    {"watchexec", Inner::kShellText,
     "w: watch: W: watch-non-recursive: F: watch-file: c? clear? o: on-busy-update: r restart s: signal: stop-signal: "
     "stop-timeout: map-signal: d: debounce: stdin-quit no-vcs-ignore no-project-ignore no-global-ignore "
     "no-default-ignore no-discover-ignore ignore-nothing p postpone delay-run: poll? shell: n no-environment "
     "emit-events-to: E:= env:= no-process-group wrap-process: N notify color: timings q quiet bell project-origin: "
     "workdir:/ e: exts: f: filter: filter-file: j: filter-prog: i: ignore: ignore-file: fs-events: no-meta "
     "print-events manual only-emit-events v"},
    {"wezterm-gui", Inner::kNothing, kDeepinTerminalOptions, 0, kData},
    {"with-contenv", Inner::kCommand, "s b d i I f g q"},
    {"x-terminal-emulator", Inner::kNothing, kDeepinTerminalOptions, 0, kData},
    {"x86_64", Inner::kCommand, kI386Options, 0, Runner::kShellIfNone},
    {"xargs", Inner::kXargs,
     "0, null, a:, arg-file:, d:, delimiter:, E:, e?, eof?, I:, i?, replace?, L:, l?, max-lines?, n:, max-args:, o "
     "open-tty P: max-procs: p interactive process-slot-var: r, no-run-if-empty, s:, max-chars:, t verbose x exit "
     "show-limits J:, R: S: help^ version^"},
    {"xfce4-terminal", Inner::kCommand, kLxterminalOptions, 0, Runner::kUnlistedFlags},
    {"xterm", Inner::kNothing, kXtermOptions, 0,
     Runner::kOptionsAnywhere | Runner::kUnlistedFlags | Runner::kSingleDash},
    {"xvfb-run", Inner::kCommand,
     "a auto-servernum e: error-file: f: auth-file: n: server-num: l listen-tcp p: xauth-protocol: s: server-args: w: "
     "wait: h^ help^"},
    {"yarn", Inner::kSubcommand, "cwd:/ s silent json verbose non-interactive offline", 0, Runner::kGenericElse},
    {"zip", Inner::kNothing,
     "TT:| unzip-command:$ b: n: t: tt: i: x: P: O: s: temp-path: suffixes: out: output-file: password: exclude: "
     "include: from-date: before-date: split-size:",
     0, Runner::kOptionsAnywhere | Runner::kUnlistedFlags | Runner::kSingleDash},
});

constexpr bool IsBefore(const Runner& left, const Runner& right) { return left.name < right.name; }
static_assert(std::is_sorted(kRunners.begin(), kRunners.end(), IsBefore));

}  // namespace

// GNU's programs may have a 'g' in front of their name.
std::optional<Runner> FindRunner(std::string_view program) {
  const std::optional<Runner> found = PackedRunners<kRunners>::FirstNotBefore(program);
  if (found && found->name == program) {
    return found;
  }
  return program.size() > 2 && program[0] == 'g' ? FindRunner(program.substr(1)) : std::nullopt;
}

}  // namespace safe_docker::shell

// Programs whose arguments are never run, whatever they look like: they print, search, copy, install or store them.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "runners.hpp"

namespace safe_docker::shell {
namespace {

// Sorted, between blanks.
constexpr std::string_view kText =
    "7z 7za : [ [[ aa-status ack actionlint add-apt-repository addgroup adduser ag age agrep aider alias "
    "ansible-doc ant apk apropos apt apt-cache apt-file apt-get apt-key apt-mark aptitude ar arch argocd aria2c "
    "arp aspell atom atop audit2allow augtool ausearch aws az b2sum banner base32 base64 basename basenc bat "
    "batcat bazel bc bg bind biome blkid bootctl bq break brew broot btop btrfs buck bunzip2 busctl bzcat bzgrep "
    "bzip2 bzr cabal cal caller cargo cat cd chage chatgpt chattr chcon cheat chgrp chkconfig chmod choco chown "
    "chpasswd cksum claude clear clickhouse-client clip.exe cmake cmp code code-insiders codespell codex codium "
    "colordiff column comm commitizen compgen complete compopt composer conda-lock consul continue convert convmv "
    "copilot coredumpctl cosign cowsay cp cpan cpanm crane crudini cryptsetup cspell csplit csvkit ctop curl "
    "cursor cut cvs cygpath cz dasel date dc dconf dd debconf-show declare delgroup delta deluser detox df dialog "
    "diff diff3 difft dig dir dircolors dirname dirs disown dive dmesg dnf dnf5 docker-credential-pass dockle "
    "doctl dokku dos2unix dot dotnet dpkg dpkg-query dpkg-reconfigure dprint du dua duf dust easy_install echo "
    "egrep eksctl emacs emacsclient emerge enable envsubst eopkg eslint espeak exa exit expand explorer export "
    "expr eza factor fallocate false fc fd fdisk ffmpeg ffprobe fg fgrep figlet file findmnt firewall-cmd flatc "
    "flatpak flux fly flyctl fmt fold fossil free fuser fx fzf gcloud gedit gem gemini getcap getent getfacl "
    "getopts getsebool gettext gh git git-cliff git-lfs gitk glab glow go gojq gpasswd gpg gpg2 gradle gradlew "
    "grep gron groupadd groupdel groupmod groups grype gsettings gsutil gunzip gzip hadolint hash hcloud head "
    "helix helm help heroku hexdump hg highlight history host hostid hostname hostnamectl htmlq htop http httpie "
    "https hub hunspell hx ibmcloud iconv id identify ifconfig img2txt influx info initctl install iostat iotop "
    "ip ip6tables iptables istioctl jaq jj jobs joe join journalctl jq just k3d k3s k9s kate kdialog keytool kill "
    "killall kind kops kubectl kubectx kubens kustomize last lastlog latex launchctl lazydocker lazygit ldd less "
    "let link linkerd linode-cli llm ln local localectl locate logger loginctl logname logout lolcat look losetup "
    "ls lsattr lsblk lscpu lsd lsmod lsof lspci lsusb luarocks lvcreate lvs lz4 mail mailx make man mapfile "
    "markdownlint mas mcedit md5 md5sum mdcat meson micro microdnf minikube mix mkdir mkfifo mkfs mknod mkswap "
    "mktemp mlocate mlr mmdc mmv modinfo mods mongo mongosh more mount mpstat msgfmt mtr mutt mv mvn mysql "
    "mysqldump nano ncdu netlify netstat networkctl newgidmap newuidmap nft ninja nix-env nl nm nmap notify-send "
    "npm nproc nslookup nuget numfmt objcopy objdump oc oci od ollama open openapi-generator openssl opkg oras "
    "packer pacman pandoc parted paru pass passwd paste pathchk pbcopy pbpaste pdflatex pdftotext peco perldoc "
    "pg_dump pgrep pico pidof pidstat pigz ping pip pip2 pip3 pipdeptree pkg pkgin pkill plantuml plocate pnpm "
    "popd port pr prename prettier printenv printf protoc ps psql pstree ptx pulumi pup pushd pv pvs pwd pydoc "
    "pygmentize qrencode rake rar rc-service rc-update rclone read readarray readelf readlink readonly realpath "
    "rebar3 redis-cli regctl rename renice resolvectl restorecon return rev rg ri ripgrep rm rmdir route rpm "
    "rpmquery rsync rustc sar say sbt scons scoop scp scw sdiff sed semanage semodule sendmail seq service set "
    "setcap setfacl setsebool sftp sgpt sha1sum sha224sum sha256sum sha384sum sha512sum shellcheck shfmt shift "
    "shopt shred shuf size sk skim skopeo sleep snap snyk sops sort sponge sqlite3 ss ssh-add ssh-keygen "
    "ssh-keyscan stack start stat stern strings strip stylelint subl sum suspend svn swagger swapoff swapon swupd "
    "syft sync sysctl systemctl tac tail tar tcpdump tdnf tea tee terraform terragrunt test thrift tig "
    "timedatectl times tldr tofu toilet tomlq top touch tput tr traceroute trap tree trivy true truncate tshark "
    "tsort tty twine type typeset typos ufw ugrep ulimit umask umount unalias uname unexpand uniq units unix2dos "
    "unlink unrar unset unxz unzip unzstd update-alternatives update-rc.d updatedb uptime useradd userdel usermod "
    "users usleep uuid uuidgen vale vault vdir velero vercel vgs vi vim visudo vmstat w wait wall wc wdiff wget "
    "wget2 whatis whereis which whiptail who whoami whois winget wl-copy wl-paste wrangler write wslpath "
    "xbps-install xbps-query xclip xdg-mime xdg-open xdg-settings xh xmllint xmlstarlet xsel xxd xz xzcat xzgrep "
    "yamllint yarn yay yes yq yum yumdownloader zcat zegrep zenity zfgrep zfs zgrep zip zpool zstd zstdcat zypper";

// Where each of them begins.
constexpr auto kBegins = [] {
  std::array<std::uint16_t, std::count(kText.begin(), kText.end(), ' ') + 1> begins{};
  for (std::size_t i = 1; i < begins.size(); ++i) {
    begins[i] = static_cast<std::uint16_t>(kText.find(' ', begins[i - 1]) + 1);
  }
  return begins;
}();

constexpr std::string_view NameAt(std::size_t begin) {
  return kText.substr(begin, std::min(kText.find(' ', begin), kText.size()) - begin);
}
static_assert(kText.size() <= 0xFFFF && std::is_sorted(kBegins.begin(), kBegins.end(), [](auto left, auto right) {
                return NameAt(left) < NameAt(right);
              }));

}  // namespace

bool IsKnownNonExecutor(std::string_view program) {
  const auto* found =
      std::lower_bound(kBegins.begin(), kBegins.end(), program,
                       [](std::size_t begin, std::string_view wanted) { return NameAt(begin) < wanted; });
  return found != kBegins.end() && NameAt(*found) == program;
}

}  // namespace safe_docker::shell

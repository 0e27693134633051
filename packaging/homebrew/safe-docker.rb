# Formula for a tap of one's own. release.sh fills in the address and the checksum of the sources.
class SafeDocker < Formula
  desc "Judge docker commands of coding agents before they run"
  homepage "https://github.com/nekoruri/safe-docker"
  url "https://github.com/nekoruri/safe-docker/releases/download/v0.1.0/safe-docker-0.1.0.tar.xz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license any_of: ["MIT", "Apache-2.0"]
  head "https://github.com/nekoruri/safe-docker.git", branch: "main"

  depends_on "boost" => :build
  depends_on "cmake" => :build
  depends_on "fmt" => :build
  depends_on "libsodium" => :build
  depends_on "ninja" => :build
  depends_on "nlohmann-json" => :build
  depends_on "python@3.13" => :build
  depends_on "spdlog" => :build
  depends_on "tomlplusplus" => :build
  depends_on "libyaml"
  depends_on "yaml-cpp"

  def install
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DSAFE_DOCKER_TESTS=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  def caveats
    <<~EOS
      To let Claude Code ask safe-docker before each command:
        safe-docker setup claude-code --user
      To have it in front of docker for yourself, put this first in PATH:
        #{opt_lib}/safe-docker/bin
    EOS
  end

  test do
    judge = lambda do |command|
      request = { hook_event_name: "PreToolUse", cwd: testpath.to_s, tool_name: "Bash",
                  tool_input: { command: command } }
      pipe_output("#{bin}/safe-docker hook", JSON.generate(request), 0)
    end
    assert_match(/"permissionDecision": ?"deny".*mounts/, judge.call("docker run -v /etc:/x alpine"))
    assert_empty judge.call("docker run --rm alpine true")
    assert_match version.to_s, shell_output("#{bin}/safe-docker --version")
  end
end

# Whether the formula is what Homebrew takes, where there is no Homebrew: check_formula.rb FORMULA SOURCES PROGRAM-FOLDER
#
# A class that stands in for Homebrew's Formula notes what the formula says. The rules are those of `brew audit` and
# `brew style` that can be checked without it; the formula's own test is run with the program that was packaged.
require "digest"
require "json"
require "open3"
require "pathname"
require "tmpdir"

class Formula
  ORDER = %i[desc homepage url sha256 license head depends_on test].freeze
  SAID = []

  ORDER.each do |stanza|
    define_singleton_method(stanza) { |*values, **named, &block| SAID << [stanza, values.first || named, block] }
  end

  def self.said(stanza)
    SAID.select { |name, _, _| name == stanza }.map { |_, value, _| value }
  end
end

# What the test of a formula may use.
class TestRun
  attr_reader :bin, :testpath, :version

  def initialize(bin, testpath, version)
    @bin = Pathname(bin)
    @testpath = Pathname(testpath)
    @version = version
  end

  def pipe_output(command, input, expected)
    output, status = Open3.capture2({ "HOME" => testpath.to_s }, command, stdin_data: input)
    raise "#{command} ended with #{status.exitstatus}" unless status.exitstatus == expected

    output
  end

  def shell_output(command)
    pipe_output(command, "", 0)
  end

  def assert_match(pattern, text)
    raise "#{pattern.inspect} is not in #{text.inspect}" unless Regexp.new(pattern).match?(text)
  end

  def assert_empty(text)
    raise "expected nothing, got #{text.inspect}" unless text.empty?
  end
end

formula, sources, bin = ARGV
abort "usage: check_formula.rb FORMULA SOURCES PROGRAM-FOLDER" unless bin
_, complaints, status = Open3.capture3("ruby", "-wc", formula)
text = File.read(formula)
load formula

desc = Formula.said(:desc).first
url = Formula.said(:url).first
version = url[%r{/v([0-9.]+)/}, 1]
stanzas = Formula::SAID.map(&:first)
dependencies = Formula.said(:depends_on).map { |value| value.is_a?(Hash) ? [1, value.keys.first] : [2, value] }
rules = {
  "ruby has nothing to complain about: #{complaints}" => status.success? && complaints.empty?,
  "the class is called as the file is" => text.match?(/^class SafeDocker < Formula$/),
  "desc has at most 80 characters" => desc.length <= 80,
  "desc begins with a capital letter, without article and without the formula's name" =>
    desc.match?(/\A[A-Z]/) && !desc.match?(/\A(an?|the|safe-docker)\b/i),
  "desc ends without a full stop" => !desc.end_with?("."),
  "homepage is https" => Formula.said(:homepage).first.start_with?("https://"),
  "url is that of the sources of a tag" => version && url.start_with?("https://") && url.end_with?("/#{File.basename(sources)}"),
  "version is left to the url" => !text.match?(/^  version /),
  "sha256 is that of the sources" => Formula.said(:sha256).first == Digest::SHA256.file(sources).hexdigest,
  "license is SPDX" => Formula.said(:license).first == { any_of: ["MIT", "Apache-2.0"] },
  "stanzas stand in Homebrew's order" => stanzas == stanzas.sort_by { |name| Formula::ORDER.index(name) },
  "dependencies stand in order, those of the build first" => dependencies == dependencies.sort,
  "lines have at most 118 characters" => text.lines.all? { |line| line.chomp.length <= 118 },
  "the build can do without the network" => !text.match?(/FetchContent|curl|git clone/),
  "there is an install method and a test" => SafeDocker.method_defined?(:install) && stanzas.last == :test,
}
failed = rules.reject { |_, holds| holds }.keys
failed.each { |rule| puts "broken: #{rule}" }

Dir.mktmpdir do |home|
  test = Formula::SAID.last.last
  TestRun.new(bin, home, version).instance_exec(&test)
rescue RuntimeError => e
  failed << e
  puts "the formula's own test: #{e}"
end
exit failed.empty?

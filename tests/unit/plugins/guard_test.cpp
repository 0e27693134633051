// The process answers whatever happens in it: each way to die, in each mode, and what it leaves behind when it lives.
#include "guard.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

#include "guarded_child.hpp"

namespace safe_docker {
namespace {

using guard::Answer;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr milliseconds kAmple{60'000};

void ExpectDenied(const Ending& ending, const std::string& cause) {
  EXPECT_EQ(ending.exit_code, 2);
  EXPECT_THAT(DenialReason(ending.output), HasSubstr(cause)) << ending.output;
  EXPECT_THAT(ending.error, HasSubstr("the command was not judged, so it is denied"));
  EXPECT_THAT(ending.error, HasSubstr(cause));
}

class GuardSignals : public testing::TestWithParam<int> {};

TEST_P(GuardSignals, EndInADenial) {
  const int signal = GetParam();
  const Ending ending = RunGuarded(Answer::kHook, kAmple, [signal] { raise(signal); });
  ExpectDenied(ending, "internal failure (SIG");
}

INSTANTIATE_TEST_SUITE_P(EveryOneThatEndsAProcess, GuardSignals,
                         testing::Values(SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP, SIGTERM, SIGINT,
                                         SIGHUP, SIGQUIT, SIGPIPE, SIGXCPU, SIGXFSZ, SIGUSR1, SIGUSR2, SIGVTALRM,
                                         SIGPROF));

TEST(Guard, NamesTheStage) {
  const Ending ending = RunGuarded(Answer::kHook, kAmple, [] {
    guard::SetStage("plugin mounts");
    raise(SIGSEGV);
  });
  ExpectDenied(ending, "(SIGSEGV in plugin mounts)");
  EXPECT_THAT(ending.error, HasSubstr("[plugins.mounts]"));
}

TEST(Guard, StageCannotSpoilTheJson) {
  const Ending ending = RunGuarded(Answer::kHook, kAmple, [] {
    guard::SetStage("\"\\\n\x01" + std::string(500, 'x'));
    raise(SIGSEGV);
  });
  ExpectDenied(ending, "in ????xxx");
}

TEST(Guard, DeadlineEndsInADenial) {
  const Ending ending = RunGuarded(Answer::kHook, milliseconds(20), [] {
    for (;;) {
      pause();
    }
  });
  ExpectDenied(ending, "out of time");
}

TEST(Guard, DeadlineCountsFromTheBeginning) {
  const Ending ending = RunGuarded(Answer::kHook, kAmple, [] {
    std::this_thread::sleep_for(milliseconds(50));
    guard::SetDeadline(milliseconds(10));
    std::this_thread::sleep_for(milliseconds(20));
  });
  ExpectDenied(ending, "out of time");
}

TEST(Guard, NoDeadlineWhileAPersonIsAsked) {
  const Ending ending = RunGuarded(Answer::kWrapper, milliseconds(20), [] {
    guard::SetDeadline(milliseconds(0));
    std::this_thread::sleep_for(milliseconds(50));
  });
  EXPECT_EQ(ending.exit_code, 0);
  EXPECT_EQ(ending.output, "returned");
}

TEST(Guard, ExitIsNoAnswer) {
  ExpectDenied(RunGuarded(Answer::kHook, kAmple, [] { std::exit(0); }), "exit was called");
  ExpectDenied(RunGuarded(Answer::kHook, kAmple, [] { std::quick_exit(0); }), "exit was called");
}

TEST(Guard, ExceptionIsNoAnswer) {
  const Ending ending = RunGuarded(Answer::kHook, kAmple, [] {
    const auto throws = []() noexcept { static_cast<void>(std::string().at(1)); };
    throws();
  });
  ExpectDenied(ending, "uncaught exception");
}

TEST(Guard, BlockedSignalsGetThrough) {
  sigset_t all;
  sigset_t former;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &former);
  const Ending ending = RunGuarded(Answer::kHook, milliseconds(20), [] {
    for (;;) {
      pause();
    }
  });
  sigprocmask(SIG_SETMASK, &former, nullptr);
  ExpectDenied(ending, "out of time");
}

TEST(Guard, NothingButTheAnswerReachesStandardOutput) {
  const Ending ending = RunGuarded(Answer::kHook, kAmple, [] {
    [[maybe_unused]] const ssize_t written = write(STDOUT_FILENO, "noise", 5);
    close(STDOUT_FILENO);
  });
  EXPECT_EQ(ending.exit_code, 0);
  EXPECT_EQ(ending.output, "returned");
  EXPECT_THAT(ending.error, HasSubstr("noise"));
}

TEST(Guard, AnswerThatCannotBeWrittenIsADenial) {
  const Ending ending = RunGuarded(Answer::kHook, kAmple, [] {
    for (int descriptor = 0; descriptor < 64; ++descriptor) {
      close(descriptor);
    }
  });
  EXPECT_EQ(ending.exit_code, 2);
}

TEST(Guard, HookThatDiesAfterItsAnswerKeepsIt) {
  const Ending ending = RunGuarded(Answer::kHook, kAmple, [] {
    guard::WriteAnswer("the answer");
    raise(SIGSEGV);
  });
  EXPECT_EQ(ending.exit_code, 0);
  EXPECT_EQ(ending.output, "the answer");
}

TEST(Guard, ExitAfterTheAnswerIsOurOwn) {
  const Ending ending = RunGuarded(Answer::kWrapper, kAmple, [] {
    guard::Answered();
    std::exit(7);
  });
  EXPECT_EQ(ending.exit_code, 7);
  EXPECT_THAT(ending.error, IsEmpty());
}

TEST(Guard, WrapperDeniesOnStandardErrorOnly) {
  const Ending ending = RunGuarded(Answer::kWrapper, kAmple, [] { raise(SIGSEGV); });
  EXPECT_EQ(ending.exit_code, 2);
  EXPECT_THAT(ending.output, IsEmpty());
  EXPECT_THAT(ending.error, HasSubstr("SIGSEGV"));
}

TEST(Guard, WrapperLeavesTerminationAlone) {
  const Ending ending = RunGuarded(Answer::kWrapper, kAmple, [] { raise(SIGTERM); });
  EXPECT_EQ(ending.exit_code, -1);  // by the signal
}

// What exec would hand on to docker: exits with 7 if the timer is off and SIGALRM is ignored and blocked, as before.
void ExpectSignalsGivenBack() {
  guard::Answered();
  itimerval timer = {};
  getitimer(ITIMER_REAL, &timer);
  struct sigaction action = {};
  sigaction(SIGALRM, nullptr, &action);
  sigset_t mask;
  sigprocmask(SIG_SETMASK, nullptr, &mask);
  const bool off = timer.it_value.tv_sec == 0 && timer.it_value.tv_usec == 0;
  std::exit(off && action.sa_handler == SIG_IGN && sigismember(&mask, SIGALRM) == 1 ? 7 : 8);
}

TEST(Guard, WrapperGivesBackWhatItWasStartedWith) {
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  sigprocmask(SIG_BLOCK, &alarm, nullptr);
  const auto former = signal(SIGALRM, SIG_IGN);
  const Ending ending = RunGuarded(Answer::kWrapper, kAmple, ExpectSignalsGivenBack);
  signal(SIGALRM, former);
  sigprocmask(SIG_UNBLOCK, &alarm, nullptr);
  EXPECT_EQ(ending.exit_code, 7);
}

TEST(Guard, WrapperGivesBackDescriptors) {
  const Ending ending = RunGuarded(Answer::kWrapper, kAmple, [] {
    [[maybe_unused]] ssize_t written = write(STDOUT_FILENO, "noise", 5);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    guard::Answered();
    written = write(STDOUT_FILENO, "docker's output", 15);
    written = write(STDERR_FILENO, "docker's error", 14);
    _exit(0);
  });
  EXPECT_EQ(ending.output, "docker's output");
  EXPECT_EQ(ending.error, "noisedocker's error");
}

TEST(Guard, ChildOfThePluginDoesNotAnswer) {
  const Ending ending = RunGuarded(Answer::kHook, kAmple, [] {
    const pid_t child = fork();
    if (child == 0) {
      std::exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
  });
  EXPECT_EQ(ending.exit_code, 0);
  EXPECT_EQ(ending.output, "returned");
}

}  // namespace
}  // namespace safe_docker

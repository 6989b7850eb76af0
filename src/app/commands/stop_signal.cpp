#include <csignal>
#include <ctime>

#include "app/service/service.hpp"

namespace bytebasket::app {
namespace {

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

StopSignal::StopSignal() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

bool StopSignal::wait_for(Milliseconds patience) {
  const sigset_t signals = stop_signals();
  const timespec limit{patience.count() / 1000, patience.count() % 1000 * 1'000'000};
  return sigtimedwait(&signals, nullptr, &limit) > 0;
}

void StopSignal::wait() {
  const sigset_t signals = stop_signals();
  int arrived = 0;
  sigwait(&signals, &arrived);
}

}  // namespace bytebasket::app

#include "base/periodic_thread.hpp"

#include <utility>

namespace bytebasket {

PeriodicThread::PeriodicThread(Milliseconds pause, Begin begin, std::function<void()> work)
    : thread_([this, pause, begin, work = std::move(work)] {
        if (begin == Begin::at_once) work();
        while (wait(pause)) work();
      }) {}

PeriodicThread::~PeriodicThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

bool PeriodicThread::wait(Milliseconds pause) {
  std::unique_lock lock(mutex_);
  return !stop_.wait_for(lock, pause, [this] { return stopping_; });
}

}  // namespace bytebasket

// Work that is done again and again on a thread of its own.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/time.hpp"

namespace bytebasket {

/// Works from construction to destruction, which waits for the work at hand and for no pause. An
/// owner declares it last: what the work uses is made before and lives longer.
class PeriodicThread {
 public:
  enum class Begin { at_once, after_a_pause };

  /// `pause` is between the end of one call and the next.
  PeriodicThread(Milliseconds pause, Begin begin, std::function<void()> work);
  ~PeriodicThread();
  PeriodicThread(const PeriodicThread&) = delete;
  PeriodicThread& operator=(const PeriodicThread&) = delete;

 private:
  /// False where it is to stop.
  bool wait(Milliseconds pause);

  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace bytebasket

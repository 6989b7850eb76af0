// The threads that answer queries, so that the server's threads never wait for the table store.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "base/bounded_queue.hpp"
#include "base/counters.hpp"
#include "http/server.hpp"

namespace bytebasket::analytics {

/// A fixed number of threads behind a bounded queue. Thread-safe. stop() (or the destructor)
/// answers what is queued.
class QueryPool {
 public:
  QueryPool(std::size_t threads, std::size_t queue, ApiCounters& counters);
  ~QueryPool();
  QueryPool(const QueryPool&) = delete;
  QueryPool& operator=(const QueryPool&) = delete;

  /// Runs `handler` on one of the threads; it may wait. When the queue is full the answer is 503
  /// with Retry-After. `handler` must outlive the pool.
  void submit(const http::Handler& handler, std::shared_ptr<const http::Request> request,
              http::Responder responder);

  void stop();

 private:
  struct Job {
    const http::Handler* handler;
    std::shared_ptr<const http::Request> request;
    http::Responder responder;
  };

  void work();

  ApiCounters& counters_;
  BoundedQueue<Job> queue_;
  std::vector<std::jthread> threads_;
};

}  // namespace bytebasket::analytics

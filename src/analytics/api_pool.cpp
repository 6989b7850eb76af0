#include "analytics/api_pool.hpp"

#include <exception>

#include "base/log.hpp"

namespace bytebasket::analytics {

QueryPool::QueryPool(std::size_t threads, std::size_t queue, ApiCounters& counters)
    : counters_(counters), queue_(queue) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

QueryPool::~QueryPool() { stop(); }

void QueryPool::submit(const http::Handler& handler, std::shared_ptr<const http::Request> request,
                       http::Responder responder) {
  Job job{&handler, std::move(request), std::move(responder)};
  counters_.waiting.add(1);
  if (queue_.try_push(std::move(job))) return;
  counters_.waiting.add(-1);
  counters_.refused.add();
  auto response = http::problem(503, "Too many queries at a time", "Ask again in a second.");
  response.headers.emplace_back("Retry-After", "1");
  // NOLINTNEXTLINE(bugprone-use-after-move): a push that failed has left it as it was
  std::move(job.responder).respond(std::move(response));
}

void QueryPool::stop() {
  queue_.close();
  threads_.clear();
}

void QueryPool::work() {
  while (auto job = queue_.pop()) {
    counters_.waiting.add(-1);
    // An exception here is a mistake of ours: it costs one answer (500), not the process.
    try {
      (*job->handler)(std::move(job->request), std::move(job->responder));
    } catch (const std::exception& error) {
      spdlog::error("API: a query ended with an exception: {}", error.what());
    }
  }
}

}  // namespace bytebasket::analytics

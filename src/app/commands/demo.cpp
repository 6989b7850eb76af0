#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/commands/command.hpp"
#include "app/configuration/documents.hpp"
#include "app/service/service.hpp"
#include "base/log.hpp"
#include "base/temporary_folder.hpp"
#include "producers/shop/traffic.hpp"

namespace bytebasket::app {
namespace {

namespace shop = producers::shop;

struct DemoFlags {
  double rate = 5;
  std::string backfill = "2d";
  std::uint64_t seed = 1;
};

void welcome(const std::string& url, const std::string& past) {
  std::cout
      << fmt::format(
             "\n  ByteBasket's mock shop is open.\n\n"
             "  dashboard   {0}/\n"
             "  API         {0}/docs\n"
             "  write key   demo\n\n"
             "  Send it an event of yours:\n"
             "    curl -u demo: {0}/v1/track -d '{{\"anonymousId\":\"me\",\"event\":\"Product "
             "Viewed\",\"properties\":{{\"product_id\":\"p-1\"}}}}'\n\n"
             "  The shop's past ({1}) is being sent, and the dashboard fills up. Ctrl-C ends it.\n",
             url, past)
      << std::endl;
}

/// Says how far the past has been sent, and warns when the shop cannot send.
void watch(const shop::ShopTraffic& traffic, StopSignal& stop_signal) {
  constexpr int looks_between_news = 10;
  bool told = false;
  std::string last_problem;
  for (int look = 1; !stop_signal.wait_for(Milliseconds(500)); ++look) {
    const auto status = traffic.status();
    if (status.caught_up && !told) {
      told = true;
      spdlog::info("the shop's past is sent ({} events); from here on it is live",
                   status.acknowledged);
    } else if (!told && look % looks_between_news == 0) {
      spdlog::info("the shop's past is being sent: {:.0f} %", status.past_sent * 100);
    }
    if (status.last_problem != last_problem && !status.last_problem.empty()) {
      spdlog::warn("mock shop: {}", status.last_problem);
    }
    last_problem = status.last_problem;
  }
}

Status demo(CommandContext& context, const DemoFlags& flags) {
  StopSignal stop_signal;
  // A demo that names no folder has one of its own, gone when it ends.
  std::optional<TemporaryFolder> own_folder;
  if (!context.data) {
    BB_ASSIGN_OR_RETURN(own_folder, TemporaryFolder::make("bytebasket-demo"));
    context.data = own_folder->path().string();
  }
  auto configuration = context.configuration();
  if (!configuration) return ok();
  BB_ASSIGN_OR_RETURN(Documents documents, read_documents(configuration->settings));
  BB_ASSIGN_OR_RETURN(const Milliseconds backfill, parse_duration(flags.backfill));
  configuration->settings.write_keys.insert({"demo", {.name = "mock shop", .source = "server"}});
  BB_ASSIGN_OR_RETURN(auto service,
                      Service::start(std::move(*configuration), std::move(documents)));
  shop::ShopTrafficOptions options{.events_per_second = flags.rate, .backfill = backfill};
  options.target.url = service->url();
  options.target.batch_events = 200;
  options.shop.seed = flags.seed;
  // Refunds and fraud labels come within minutes instead of days, so that the demo shows them.
  options.shop.aftermath_divisor = 200;
  shop::ShopTraffic traffic(std::move(options));
  BB_RETURN_IF_ERROR(traffic.start());
  welcome(service->url(), flags.backfill);
  watch(traffic, stop_signal);
  traffic.stop();
  return service->stop();
}

}  // namespace

void add_demo(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand(
      "demo", "Everything in one process, with a mock shop sending traffic over HTTP");
  auto flags = std::make_shared<DemoFlags>();
  add_config_flag(*command, context);
  command
      ->add_option("--data", context.data, "Folder to keep the data in (default: a temporary one)")
      ->type_name("DIR");
  command->add_option("--listen", context.listen, "Address to listen on (127.0.0.1:8080)")
      ->type_name("HOST:PORT");
  command->add_option("--rate", flags->rate, "Events per second on average")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--backfill", flags->backfill, "How much of the past is sent first")
      ->capture_default_str()
      ->type_name("DURATION");
  command->add_option("--seed", flags->seed, "Seed of the shop")->capture_default_str();
  command->callback([&context, flags] {
    if (auto shown = demo(context, *flags); !shown) context.report(shown.error());
  });
}

}  // namespace bytebasket::app

#include "producers/shop/generate.hpp"

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/commands/command.hpp"
#include "app/commands/progress.hpp"

namespace bytebasket::app {
namespace {

namespace shop = producers::shop;

struct GenerateFlags {
  std::uint64_t seed = 1;
  std::uint64_t events = 10'000;
  std::string start = "2026-01-01";
  std::string to = "-";
  std::int64_t visits_per_day = shop::ShopOptions().visits_per_day;
  std::string write_key = "demo";
  double rate = 0;
  std::size_t connections = 2;
};

Result<shop::GenerateReport> generate(const GenerateFlags& flags,
                                      const shop::OnGenerateProgress& on_progress) {
  BB_ASSIGN_OR_RETURN(const Timestamp start, parse_timestamp(flags.start));
  shop::ShopOptions options{
      .seed = flags.seed, .start = start, .visits_per_day = flags.visits_per_day};
  BB_ASSIGN_OR_RETURN(shop::Shop made, shop::Shop::create(options));
  const bool is_url = flags.to.starts_with("http://");
  if (!is_url) return shop::generate_to_file(made, flags.events, flags.to, on_progress);
  shop::CollectorTarget target;
  target.url = flags.to;
  target.connections = flags.connections;
  target.write_keys.fill(flags.write_key);
  return shop::generate_to_collector(made, flags.events, target, {.events_per_second = flags.rate},
                                     {}, on_progress);
}

}  // namespace

void add_generate(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand(
      "generate", "Make the traffic of a mock shop: seed, start and number fix every byte");
  auto flags = std::make_shared<GenerateFlags>();
  command->add_option("--seed", flags->seed, "Seed of the shop")->capture_default_str();
  command->add_option("--events", flags->events, "Number of events")->capture_default_str();
  command->add_option("--start", flags->start, "When the shop's time begins")
      ->capture_default_str()
      ->type_name("TIME");
  command
      ->add_option("--visits-per-day", flags->visits_per_day,
                   "How busy the shop is, by its own clock")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--to", flags->to, "File, - for standard output, or a collector's address")
      ->capture_default_str()
      ->type_name("URL|FILE|-");
  command
      ->add_option("--rate", flags->rate, "Events per second to a collector; 0: as fast as it can")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--connections", flags->connections, "Connections to a collector")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--write-key", flags->write_key, "Write key of the collector")
      ->capture_default_str();
  command->callback([&context, flags] {
    Result<shop::GenerateReport> report = [&] {
      ProgressLine progress;
      return generate(*flags, [&](const shop::GenerateProgress& now) {
        progress.show(fmt::format("{} of {} events", now.stored, flags->events));
      });
    }();
    if (!report) return context.report(report.error());
    std::cerr << report->events << " events, " << report->bytes << " bytes";
    if (report->batches > 0) {
      std::cerr << ", " << report->batches << " batches, " << report->retries << " retries";
    }
    std::cerr << '\n';
    if (report->refused_batches > 0) {
      context.report({ErrorCode::not_found, std::to_string(report->refused_batches) +
                                                " batches were refused: " + report->last_problem});
    }
  });
}

}  // namespace bytebasket::app

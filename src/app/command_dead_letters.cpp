#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/command.hpp"
#include "app/engines.hpp"
#include "producers/dead_letters.hpp"

namespace bytebasket::app {
namespace {

using producers::DeadLetter;
using producers::DeadLetters;

struct Flags {
  std::string stream = "user-activity";
  std::int64_t offset = 0;
  std::uint64_t limit = 100;
  std::string edited;  ///< file that holds the mended payload
  bool all = false;
};

nlohmann::ordered_json json_of(const DeadLetter& letter) {
  nlohmann::ordered_json json = {{"stream", streams::name_of(letter.where.stream)},
                                 {"offset", letter.offset.value()},
                                 {"received_at", format_timestamp(letter.received_at)},
                                 {"reason", letter.reason},
                                 {"write_key", letter.write_key},
                                 {"payload", letter.payload}};
  if (letter.truncated) json["truncated"] = true;
  return json;
}

std::string dump(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// Opens the engines and calls `work(dead letters of the stream)`.
template <typename Work>
void with_dead_letters(CommandContext& context, const Flags& flags, Work work) {
  const auto configuration = context.configuration();
  if (!configuration) return;
  const auto stream = streams::stream_named(flags.stream);
  if (!stream) {
    return context.report_usage("--stream is user-activity or transactions, not '" + flags.stream +
                                "'");
  }
  Counters counters;
  const auto engines = open_engines(configuration->settings, counters);
  if (!engines) return context.report(engines.error());
  DeadLetters letters(*engines->log, *stream,
                      {.max_bytes = configuration->settings.collector.max_event_bytes});
  if (const Status done = work(letters); !done) context.report(done.error());
}

void list(CommandContext& context, const Flags& flags) {
  with_dead_letters(context, flags, [&](DeadLetters& letters) -> Status {
    BB_ASSIGN_OR_RETURN(const auto found, letters.list(Offset(flags.offset), flags.limit));
    for (const DeadLetter& letter : found) {
      if (context.format == OutputFormat::json) {
        std::cout << dump(json_of(letter)) << '\n';
      } else {
        std::cout << letter.offset.value() << "  " << format_timestamp(letter.received_at) << "  "
                  << letter.reason << '\n';
      }
    }
    if (found.empty()) std::cerr << "no dead letters in " << flags.stream << '\n';
    return ok();
  });
}

void show(CommandContext& context, const Flags& flags) {
  with_dead_letters(context, flags, [&](DeadLetters& letters) -> Status {
    BB_ASSIGN_OR_RETURN(const DeadLetter letter, letters.find(Offset(flags.offset)));
    if (context.format == OutputFormat::json) {
      std::cout << dump(json_of(letter)) << '\n';
    } else {
      std::cout << letter.payload << '\n';
      std::cerr << letter.reason << '\n';
    }
    return ok();
  });
}

Result<std::optional<std::string>> mended_payload(const std::string& file) {
  if (file.empty()) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorCode::invalid_argument, file + " cannot be read");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void resend(CommandContext& context, const Flags& flags) {
  with_dead_letters(context, flags, [&](DeadLetters& letters) -> Status {
    if (!flags.all) {
      BB_ASSIGN_OR_RETURN(const auto mended, mended_payload(flags.edited));
      BB_ASSIGN_OR_RETURN(const DeadLetter letter, letters.find(Offset(flags.offset)));
      BB_RETURN_IF_ERROR(letters.resend(letter, mended));
      std::cout << "sent again: 1\n";
      return ok();
    }
    BB_ASSIGN_OR_RETURN(const auto resent,
                        letters.resend_all(Offset(flags.offset), [](const DeadLetter& letter) {
                          return std::optional(letter.payload);
                        }));
    std::cout << "sent again: " << resent.sent << ", refused again: " << resent.refused.size()
              << '\n';
    for (const auto& still : resent.refused) {
      std::cerr << still.offset.value() << "  " << still.reason << '\n';
    }
    if (!resent.refused.empty()) context.exit_code = ExitCode::says_no;
    return ok();
  });
}

}  // namespace

void add_dead_letters(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand(
      "dead-letters", "Refused events: list them, show one, send them again (mended)");
  command->require_subcommand(1);
  auto flags = std::make_shared<Flags>();
  const auto add = [&](const char* name, const char* help) {
    auto* nested = command->add_subcommand(name, help);
    nested->add_option("--stream", flags->stream, "user-activity or transactions")
        ->capture_default_str();
    add_config_flag(*nested, context);
    add_data_flag(*nested, context);
    return nested;
  };
  auto* listed = add("list", "One line for each: offset, when it was received, why it was refused");
  listed->add_option("--from", flags->offset, "First offset")->capture_default_str();
  listed->add_option("--limit", flags->limit, "Most letters")->capture_default_str();
  add_format_flag(*listed, context, false);
  listed->callback([&context, flags] { list(context, *flags); });

  auto* shown = add("show", "The payload of one");
  shown->add_option("offset", flags->offset, "Its offset")->required();
  add_format_flag(*shown, context, false);
  shown->callback([&context, flags] { show(context, *flags); });

  auto* sent = add("resend",
                   "Send one again, or all; what is accepted counts once however often it is sent");
  auto* offset = sent->add_option("offset", flags->offset, "Its offset (with --all the first)");
  sent->add_option("--edited", flags->edited, "File with the mended event to send instead")
      ->type_name("FILE");
  auto* all = sent->add_flag("--all", flags->all, "All letters");
  sent->callback([&context, flags, offset, all] {
    if (offset->count() == 0 && all->count() == 0) {
      return context.report_usage("dead-letters resend takes an offset, or --all");
    }
    resend(context, *flags);
  });
}

}  // namespace bytebasket::app

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "app/commands/command.hpp"
#include "app/engines/engines.hpp"
#include "app/remote/server_call.hpp"
#include "app/service/dead_letter_desk.hpp"
#include "base/base64.hpp"
#include "base/printable.hpp"
#include "base/utf8.hpp"

namespace bytebasket::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t letters_at_once = 100;

struct Flags {
  std::string stream = "user-activity";
  bool stream_named = false;
  std::uint64_t offset = 0;
  std::uint64_t limit = 100;
  std::string edited;  ///< file that holds the mended payload
  bool all = false;
};

/// Where dead letters are asked for: a running ByteBasket, or engines that this process opened.
struct Desk {
  std::function<Result<std::string>(const QueryParameters&)> list;
  std::function<Result<std::string>(std::string body)> resend;
};

Status with_server(const CommandContext& context, const std::function<Status(const Desk&)>& work) {
  return work({.list =
                   [&context](const QueryParameters& parameters) {
                     return get_from_server(context.server(),
                                            target_of("/api/v1/dead-letters", parameters));
                   },
               .resend =
                   [&context](std::string body) {
                     return post_to_server(context.server(), "/api/v1/dead-letters/resend",
                                           std::move(body));
                   }});
}

Status with_engines(const schema::Settings& settings,
                    const std::function<Status(const Desk&)>& work) {
  Counters counters;
  BB_ASSIGN_OR_RETURN(const auto engines, open_engines(settings, counters));
  DeadLetterDesk desk(*engines.log, {.max_bytes = settings.collector.max_event_bytes});
  return work({.list = [&desk](const QueryParameters& parameters) { return desk.list(parameters); },
               .resend = [&desk](const std::string& body) { return desk.resend(body); }});
}

void with_desk(CommandContext& context, const std::function<Status(const Desk&)>& work) {
  Status done = ok();
  if (context.url) {
    done = with_server(context, work);
  } else {
    const auto configuration = context.configuration();
    if (!configuration) return;
    done = with_engines(configuration->settings, work);
  }
  if (!done) context.report(done.error());
}

Result<Json> parsed(const Result<std::string>& answer) {
  if (!answer) return fail(answer.error());
  Json json = Json::parse(*answer, nullptr, false);
  if (json.is_object()) return json;
  return fail(ErrorCode::unavailable, "the answer is no JSON object: is this a ByteBasket?");
}

Result<Json> page_of(const Desk& desk, const std::string& stream, std::uint64_t from,
                     std::uint64_t limit) {
  return parsed(desk.list({{"stream", stream},
                           {"from", std::to_string(from)},
                           {"limit", std::to_string(std::min(limit, letters_at_once))}}));
}

/// Who named no stream is told of letters in the one that was not listed.
Status say_where_others_are(const Desk& desk, const Flags& flags) {
  if (flags.stream_named) return ok();
  constexpr const char* other = "transactions";
  BB_ASSIGN_OR_RETURN(const Json page, page_of(desk, other, 0, 1));
  if (!page["letters"].empty())
    std::cerr << "orders and payments have some, too: --stream " << other << '\n';
  return ok();
}

void list(CommandContext& context, const Flags& flags) {
  with_desk(context, [&](const Desk& desk) -> Status {
    std::uint64_t from = flags.offset;
    std::uint64_t left = flags.limit;
    bool more = true;
    while (left > 0 && more) {
      BB_ASSIGN_OR_RETURN(const Json page, page_of(desk, flags.stream, from, left));
      for (const Json& letter : page["letters"]) {
        --left;
        if (context.format == OutputFormat::json) {
          std::cout << letter.dump() << '\n';
        } else {
          std::cout << letter["offset"] << "  " << letter["received_at"].get<std::string>() << "  "
                    << printable(letter["reason"].get<std::string>()) << '\n';
        }
      }
      more = page.contains("next");
      if (more) from = page["next"].get<std::uint64_t>();
    }
    if (left == flags.limit) std::cerr << "no dead letters in " << flags.stream << '\n';
    if (more) std::cerr << "there are more: --from " << from << '\n';
    return say_where_others_are(desk, flags);
  });
}

std::string payload_of(const Json& letter) {
  if (letter.contains("payload")) return letter["payload"].get<std::string>();
  return decode_base64(letter.value("payload_base64", "")).value_or("");
}

void show(CommandContext& context, const Flags& flags) {
  with_desk(context, [&](const Desk& desk) -> Status {
    BB_ASSIGN_OR_RETURN(const Json page, page_of(desk, flags.stream, flags.offset, 1));
    if (page["letters"].empty() || page["letters"][0]["offset"] != flags.offset) {
      return fail(ErrorCode::not_found, "there is no dead letter " + std::to_string(flags.offset) +
                                            " in " + flags.stream);
    }
    const Json& letter = page["letters"][0];
    if (context.format == OutputFormat::json) {
      std::cout << letter.dump() << '\n';
    } else {
      const std::string payload = payload_of(letter);
      // Into a file it goes as it came, to be mended.
      std::cout << (is_terminal(STDOUT_FILENO) ? printable(payload) : payload) << '\n';
      std::cerr << printable(letter["reason"].get<std::string>()) << '\n';
    }
    return ok();
  });
}

/// The body that asks for one letter to be sent again.
Result<std::string> resend_body(const Flags& flags) {
  Json body = {{"stream", flags.stream}, {"offset", flags.offset}};
  if (flags.edited.empty()) return body.dump();
  std::ifstream in(flags.edited, std::ios::binary);
  if (!in) return fail(ErrorCode::invalid_argument, flags.edited + " cannot be read");
  std::string payload(std::istreambuf_iterator<char>(in), {});
  if (!is_utf8(payload))
    return fail(ErrorCode::invalid_argument, flags.edited + " is no UTF-8 text, so no event");
  body["payload"] = std::move(payload);
  return body.dump();
}

Status resend_one(const Desk& desk, const Flags& flags) {
  BB_ASSIGN_OR_RETURN(auto body, resend_body(flags));
  BB_RETURN_IF_ERROR(desk.resend(std::move(body)));
  std::cout << "sent again: 1\n";
  return ok();
}

Status resend_all(CommandContext& context, const Desk& desk, const Flags& flags) {
  std::uint64_t sent = 0;
  std::uint64_t refused = 0;
  std::optional<std::uint64_t> from = flags.offset;
  while (from) {
    const Json body = {
        {"stream", flags.stream}, {"all", true}, {"from", *from}, {"limit", letters_at_once}};
    BB_ASSIGN_OR_RETURN(const Json answer, parsed(desk.resend(body.dump())));
    sent += answer["sent"].get<std::uint64_t>();
    refused += answer["refused"].size();
    for (const Json& still : answer["refused"])
      std::cerr << still["offset"] << "  " << still["reason"].get<std::string>() << '\n';
    from =
        answer.contains("next") ? std::optional(answer["next"].get<std::uint64_t>()) : std::nullopt;
  }
  std::cout << "sent again: " << sent << ", refused again: " << refused << '\n';
  if (refused > 0) context.exit_code = ExitCode::says_no;
  return ok();
}

void resend(CommandContext& context, const Flags& flags) {
  with_desk(context, [&](const Desk& desk) {
    return flags.all ? resend_all(context, desk, flags) : resend_one(desk, flags);
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
    add_place_flags(*nested, context);
    return nested;
  };
  auto* listed = add("list", "One line for each: offset, when it was received, why it was refused");
  listed->add_option("--from", flags->offset, "First offset")->capture_default_str();
  listed->add_option("--limit", flags->limit, "Most letters")->capture_default_str();
  add_format_flag(*listed, context, false);
  listed->callback([&context, flags, listed] {
    flags->stream_named = listed->count("--stream") > 0;
    list(context, *flags);
  });

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

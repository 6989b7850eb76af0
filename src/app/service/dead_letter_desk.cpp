#include "app/service/dead_letter_desk.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

#include <nlohmann/json.hpp>

#include "analytics/api_parameters.hpp"
#include "base/base64.hpp"
#include "base/utf8.hpp"
#include "producers/dead_letters.hpp"

namespace bytebasket::app {
namespace {

using Json = nlohmann::ordered_json;
using producers::DeadLetter;
using producers::DeadLetters;

constexpr std::uint32_t most_letters = 1'000;
constexpr std::size_t most_bytes = 4 << 20;

Json json_of(const DeadLetter& letter) {
  Json json = {{"stream", streams::name_of(letter.where.stream)},
               {"offset", letter.offset.value()},
               {"received_at", format_timestamp(letter.received_at)},
               {"reason", letter.reason},
               {"write_key", letter.write_key}};
  if (is_utf8(letter.payload)) {
    json["payload"] = letter.payload;
  } else {
    json["payload_base64"] = encode_base64(letter.payload);
  }
  if (letter.truncated) json["truncated"] = true;
  return json;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<streams::Stream> stream_called(std::string_view name) {
  const auto stream = streams::stream_named(name);
  if (stream) return *stream;
  return fail(ErrorCode::invalid_argument,
              "stream is user-activity or transactions, not '" + std::string(name) + "'");
}

Result<Offset> offset_in(std::string_view text) {
  std::int64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error == std::errc() && end == text.data() + text.size() && offset >= 0)
    return Offset(offset);
  return fail(ErrorCode::invalid_argument,
              "from='" + std::string(text) + "' is not allowed: an offset is an integer from 0");
}

/// What a resend asks for.
struct Resend {
  std::string stream = "user-activity";
  std::optional<Offset> one;
  std::optional<std::string> payload;
  Offset from;
  std::uint32_t limit = most_letters;
};

Status unusable(const std::string& name) {
  return fail(ErrorCode::invalid_argument,
              "'" + name +
                  "' is not allowed: a resend has `stream`, and `offset` (with `payload`, a "
                  "text, where it is mended) or `all`: true (with `from` and `limit`, 1 to " +
                  std::to_string(most_letters) + ")");
}

Status read_member(const std::string& name, const nlohmann::json& value, Resend& resend) {
  const bool whole = value.is_number_unsigned();
  if (name == "stream" && value.is_string()) {
    resend.stream = value.get<std::string>();
  } else if (name == "payload" && value.is_string()) {
    resend.payload = value.get<std::string>();
  } else if (name == "offset" && whole) {
    resend.one = Offset(value.get<std::int64_t>());
  } else if (name == "from" && whole) {
    resend.from = Offset(value.get<std::int64_t>());
  } else if (name == "limit" && whole && value.get<std::uint64_t>() - 1 < most_letters) {
    resend.limit = value.get<std::uint32_t>();
  } else if (name != "all" || value != true) {
    return unusable(name);
  }
  return ok();
}

Result<Resend> read_resend(const std::string& body) {
  // Megabytes of names are found by order here; an ordered_json looks through all for each.
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::invalid_argument, "the body is no JSON object");
  Resend resend;
  for (const auto& [name, value] : json.items())
    BB_RETURN_IF_ERROR(read_member(name, value, resend));
  const bool all = json.contains("all");
  if (all == resend.one.has_value()) {
    return fail(ErrorCode::invalid_argument, "a resend names an `offset`, or `all`: true");
  }
  if (all && resend.payload) return fail(unusable("payload").error());
  return resend;
}

}  // namespace

Result<std::string> DeadLetterDesk::list(
    std::span<const std::pair<std::string, std::string>> parameters) {
  BB_RETURN_IF_ERROR(analytics::only_parameters(parameters, {"stream", "from", "limit"}));
  BB_ASSIGN_OR_RETURN(
      const auto stream,
      stream_called(
          analytics::parameter(parameters, "stream").value_or(std::string_view("user-activity"))));
  BB_ASSIGN_OR_RETURN(const Offset from,
                      offset_in(analytics::parameter(parameters, "from").value_or("0")));
  BB_ASSIGN_OR_RETURN(const auto limit, analytics::limit_parameter(parameters, most_letters));
  DeadLetters letters(log_, stream, limits_);
  BB_ASSIGN_OR_RETURN(const auto page, letters.read(from, limit, most_bytes));
  Json answer = {{"letters", Json::array()}};
  for (const DeadLetter& letter : page.letters) answer["letters"].push_back(json_of(letter));
  if (page.next) answer["next"] = page.next->value();
  return dump(answer);
}

Result<std::string> DeadLetterDesk::resend(const std::string& body) {
  BB_ASSIGN_OR_RETURN(const Resend wanted, read_resend(body));
  BB_ASSIGN_OR_RETURN(const auto stream, stream_called(wanted.stream));
  DeadLetters letters(log_, stream, limits_);
  producers::Resent resent{.sent = 1};
  if (wanted.one) {
    BB_ASSIGN_OR_RETURN(const DeadLetter letter, letters.find(*wanted.one));
    BB_RETURN_IF_ERROR(letters.resend(letter, wanted.payload));
  } else {
    BB_ASSIGN_OR_RETURN(resent, letters.resend_from(wanted.from, wanted.limit));
  }
  Json answer = {{"sent", resent.sent}, {"refused", Json::array()}};
  for (const auto& still : resent.refused)
    answer["refused"].push_back({{"offset", still.offset.value()}, {"reason", still.reason}});
  if (resent.next) answer["next"] = resent.next->value();
  return dump(answer);
}

}  // namespace bytebasket::app

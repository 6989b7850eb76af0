// A parsed value written anew, with some of its keys and values replaced.
#pragma once

#include <string_view>

#include "events/json_tape.hpp"
#include "events/text_writer.hpp"

namespace bytebasket::events {

/// Copies `root` in as few pieces as it can: where the text as sent is canonical already,
/// everything up to the next replacement is one piece. The caller walks through the root in order
/// and says of each container, key and value what becomes of it; whatever stands in a value that is
/// kept need not be walked through.
class CanonicalCopy {
 public:
  CanonicalCopy(const JsonTape& tape, NodeIndex root, TextWriter& out)
      : tape_(tape),
        root_(tape[root]),
        out_(out),
        in_pieces_(root_.verbatim),
        done_(tape.begin_of(root_)) {}

  void open(NodeIndex container);
  void close(NodeIndex container);
  void key(NodeIndex key) {
    if (!in_pieces_) put_key(key);
  }
  void key(NodeIndex key, std::string_view name);
  void value(NodeIndex value) {
    if (!in_pieces_) put_value(value);
  }
  /// `json` in the place of `value`.
  void value(NodeIndex value, std::string_view json);

  /// The rest of the root, once everything in it has been walked through.
  void finish();

 private:
  void put_key(NodeIndex key);
  void put_value(NodeIndex value);
  void replace(const JsonNode& node, std::string_view json);
  void separate();

  const JsonTape& tape_;
  const JsonNode& root_;
  TextWriter& out_;
  const bool in_pieces_;
  const char* done_;  ///< in pieces: up to where the text has been copied or replaced
  bool separated_ =
      true;  ///< not in pieces: nothing need stand between what was written and what comes
};

}  // namespace bytebasket::events

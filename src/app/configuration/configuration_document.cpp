#include "app/configuration/configuration_document.hpp"

#include <yaml-cpp/yaml.h>

namespace bytebasket::app {
namespace {

constexpr int max_depth = 8;

/// Turns yaml-cpp's nodes into ours. Throws what yaml-cpp throws.
class DocumentReader {
 public:
  DocumentReader(std::string_view name, bool lines) : name_(name), lines_(lines) {}

  DocumentNode read(const YAML::Node& node, const YAML::Mark& mark, int depth) {
    if (depth > max_depth) throw YAML::Exception(mark, "nested deeper than any configuration is");
    DocumentNode read_node;
    read_node.where = where(mark);
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        read_node.kind = DocumentNode::Kind::text;
        read_node.text = node.Scalar();
        break;
      case YAML::NodeType::Sequence:
        read_node.kind = DocumentNode::Kind::list;
        for (const auto& item : node) read_node.items.push_back(read(item, item.Mark(), depth + 1));
        break;
      case YAML::NodeType::Map:
        read_node.kind = DocumentNode::Kind::map;
        for (const auto& entry : node) {
          if (!entry.first.IsScalar())
            throw YAML::Exception(entry.first.Mark(), "a name must be a plain text");
          read_node.entries.push_back(
              {entry.first.Scalar(), read(entry.second, entry.first.Mark(), depth + 1)});
        }
        break;
      case YAML::NodeType::Null:
      case YAML::NodeType::Undefined:
        break;
    }
    return read_node;
  }

  [[nodiscard]] std::string where(const YAML::Mark& mark) const {
    return lines_ && mark.line >= 0 ? name_ + ":" + std::to_string(mark.line + 1) : name_;
  }

 private:
  std::string name_;
  bool lines_;
};

}  // namespace

Result<DocumentNode> read_document(std::string_view yaml, std::string_view name, bool lines) {
  DocumentReader reader(name, lines);
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    return reader.read(root, root.Mark(), 0);
  } catch (const YAML::Exception& error) {
    return fail(ErrorCode::invalid_argument,
                reader.where(error.mark) + ": not valid YAML: " + error.msg);
  }
}

}  // namespace bytebasket::app

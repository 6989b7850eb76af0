#include "lake/parquet_file.hpp"

#include <stdexcept>

#include <arrow/api.h>
#include <arrow/io/interfaces.h>
#include <parquet/arrow/schema.h>
#include <parquet/column_page.h>
#include <parquet/column_writer.h>
#include <parquet/encoding.h>
#include <parquet/file_writer.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <zstd.h>

#include "lake/columns.hpp"
#include "lake/hybrid_runs.hpp"

namespace bytebasket::lake {
namespace {

std::shared_ptr<parquet::WriterProperties> make_properties(int zstd_level) {
  parquet::WriterProperties::Builder builder;
  builder.compression(parquet::Compression::ZSTD);
  builder.compression_level(zstd_level);
  builder.created_by("ByteBasket");
  return builder.build();
}

parquet::Encoding::type encoding_of(PageEncoding encoding) {
  switch (encoding) {
    case PageEncoding::plain:
      return parquet::Encoding::PLAIN;
    case PageEncoding::dictionary:
      return parquet::Encoding::RLE_DICTIONARY;
    case PageEncoding::deltas:
      break;
  }
  return parquet::Encoding::DELTA_BINARY_PACKED;
}

/// The bytes as Arrow takes them, for as long as they stand.
std::shared_ptr<arrow::Buffer> as_buffer(std::string_view bytes) {
  return std::make_shared<arrow::Buffer>(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                         static_cast<std::int64_t>(bytes.size()));
}

/// Levels come with their size before them.
void append_levels(std::string& page, std::span<const std::uint8_t> levels, std::uint8_t most) {
  const std::size_t begin = page.size();
  page.append(4, '\0');
  append_hybrid_runs(page, levels, bits_for(most));
  const std::size_t size = page.size() - begin - 4;
  for (std::size_t i = 0; i < 4; ++i) page[begin + i] = static_cast<char>(size >> (8 * i));
}

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

/// zstd with one context for all pages: Arrow would make one for each.
class PageCompressor {
 public:
  explicit PageCompressor(int level) : context_(ZSTD_createCCtx()) {
    if (!context_) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level);
  }

  /// A view until the next call.
  std::string_view compress(std::string_view bytes) {
    const std::size_t bound = ZSTD_compressBound(bytes.size());
    if (compressed_.size() < bound) compressed_.resize(bound);
    const std::size_t size = ZSTD_compress2(context_.get(), compressed_.data(), compressed_.size(),
                                            bytes.data(), bytes.size());
    if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
    return std::string_view(compressed_).substr(0, size);
  }

 private:
  std::unique_ptr<ZSTD_CCtx, FreeContext> context_;
  std::string compressed_;
};

}  // namespace

struct ParquetFile::Parts {
  Parts(std::shared_ptr<arrow::io::OutputStream> to, int level)
      : out(std::move(to)),
        properties(make_properties(level)),
        zstd_level(level),
        compressor(level),
        deltas(
            parquet::MakeTypedEncoder<parquet::Int64Type>(parquet::Encoding::DELTA_BINARY_PACKED)) {
  }

  std::shared_ptr<arrow::io::OutputStream> out;
  std::shared_ptr<parquet::WriterProperties> properties;
  int zstd_level;
  PageCompressor compressor;
  std::unique_ptr<parquet::EncodingTraits<parquet::Int64Type>::Encoder> deltas;
  std::shared_ptr<parquet::SchemaDescriptor> schema;
  std::unique_ptr<parquet::FileMetaDataBuilder> metadata;

  parquet::RowGroupMetaDataBuilder* row_group = nullptr;
  std::int16_t row_groups = 0;
  std::int64_t bytes_of_group = 0;

  parquet::ColumnChunkMetaDataBuilder* column = nullptr;
  std::unique_ptr<parquet::PageWriter> pages;
  bool has_dictionary = false;

  std::string page;
  std::size_t levels = 0;  ///< of `page`
};

ParquetFile::ParquetFile(std::shared_ptr<arrow::io::OutputStream> out, int zstd_level)
    : parts_(std::make_unique<Parts>(std::move(out), zstd_level)) {
  PARQUET_THROW_NOT_OK(
      parquet::arrow::ToParquetSchema(lake_schema().get(), *parts_->properties, &parts_->schema));
  parts_->metadata = parquet::FileMetaDataBuilder::Make(parts_->schema.get(), parts_->properties);
  PARQUET_THROW_NOT_OK(parts_->out->Write(parquet::kParquetMagic, sizeof parquet::kParquetMagic));
}

ParquetFile::~ParquetFile() = default;

void ParquetFile::begin_row_group(std::size_t rows) {
  parts_->row_group = parts_->metadata->AppendRowGroup();
  parts_->row_group->set_num_rows(static_cast<std::int64_t>(rows));
  parts_->bytes_of_group = 0;
}

void ParquetFile::begin_column() {
  parts_->column = parts_->row_group->NextColumnChunk();
  parts_->pages = parquet::PageWriter::Open(
      parts_->out, parquet::Compression::ZSTD, parts_->column, parts_->row_groups,
      static_cast<std::int16_t>(parts_->row_group->current_column()), arrow::default_memory_pool(),
      false, nullptr, nullptr, false, nullptr, nullptr,
      arrow::util::CodecOptions(parts_->zstd_level));
  parts_->has_dictionary = false;
}

std::uint8_t ParquetFile::depth() const {
  return static_cast<std::uint8_t>(parts_->column->descr()->max_definition_level());
}

void ParquetFile::put_dictionary(std::string_view values, std::size_t count) {
  const parquet::DictionaryPage page(as_buffer(values), static_cast<std::int32_t>(count),
                                     parquet::Encoding::PLAIN);
  parts_->bytes_of_group += parts_->pages->WriteDictionaryPage(page);
  parts_->has_dictionary = true;
}

std::string& ParquetFile::begin_page(const PageLevels& levels) {
  parts_->page.clear();
  parts_->levels = levels.count;
  const auto& column = *parts_->column->descr();
  if (column.max_repetition_level() > 0)
    append_levels(parts_->page, levels.repetition,
                  static_cast<std::uint8_t>(column.max_repetition_level()));
  if (column.max_definition_level() > 0) append_levels(parts_->page, levels.definition, depth());
  return parts_->page;
}

void ParquetFile::append_deltas(std::string& page, std::span<const std::int64_t> values) {
  parts_->deltas->Put(values.data(), static_cast<int>(values.size()));
  const auto encoded = parts_->deltas->FlushValues();
  page.append(reinterpret_cast<const char*>(encoded->data()),
              static_cast<std::size_t>(encoded->size()));
}

void ParquetFile::put_page(PageEncoding encoding) {
  const std::string_view compressed = parts_->compressor.compress(parts_->page);
  const parquet::DataPageV1 page(as_buffer(compressed), static_cast<std::int32_t>(parts_->levels),
                                 encoding_of(encoding), parquet::Encoding::RLE,
                                 parquet::Encoding::RLE,
                                 static_cast<std::int64_t>(parts_->page.size()));
  parts_->bytes_of_group += parts_->pages->WriteDataPage(page);
}

void ParquetFile::end_column() { parts_->pages->Close(parts_->has_dictionary, false); }

void ParquetFile::end_column(const Extremes& extremes) {
  parquet::EncodedStatistics statistics;
  statistics.set_is_signed(parts_->column->descr()->sort_order() == parquet::SortOrder::SIGNED);
  statistics.set_null_count(static_cast<std::int64_t>(extremes.nulls));
  if (!extremes.most.empty()) {
    statistics.set_min(extremes.least).set_max(extremes.most);
    statistics.is_min_value_exact = statistics.is_max_value_exact = true;
  }
  parts_->column->SetStatistics(statistics);
  end_column();
}

void ParquetFile::end_row_group() {
  parts_->row_group->Finish(parts_->bytes_of_group, parts_->row_groups++);
}

void ParquetFile::close(const std::vector<std::pair<std::string, std::string>>& metadata) {
  auto entries = std::make_shared<arrow::KeyValueMetadata>();
  for (const auto& [name, value] : metadata) entries->Append(name, value);
  parquet::WriteFileMetaData(*parts_->metadata->Finish(entries), parts_->out.get());
}

}  // namespace bytebasket::lake

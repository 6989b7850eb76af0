#include "lake/lake_reader.hpp"

#include <algorithm>
#include <exception>
#include <numeric>

#include <arrow/api.h>
#include <arrow/io/interfaces.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/statistics.h>

#include "lake/columns.hpp"
#include "lake/row_group.hpp"
#include "lake/store_file.hpp"

namespace bytebasket::lake {
namespace {

constexpr std::uint64_t footer_guess = 64 << 10;

/// What Arrow may hold of one file. A row group has tens of MiB; a damaged file may claim any size.
constexpr std::int64_t most_memory = std::int64_t{1} << 30;

constexpr std::string_view remedy =
    " (the file is damaged, or not one of the lake: put it back from a copy, or move it out of the "
    "lake and its records are missing there)";

/// Arrow's way to a file of the store. Keeps the store's error, which says more than Arrow's.
class ArrowFile final : public arrow::io::RandomAccessFile {
 public:
  explicit ArrowFile(StoreFile file) : file_(std::move(file)) {}

  StoreFile& file() { return file_; }
  [[nodiscard]] Error explain(const std::string& message) const {
    return error_.value_or(
        Error{ErrorCode::corrupt, file_.where() + ": " + message + std::string(remedy)});
  }

  arrow::Result<std::int64_t> GetSize() override { return static_cast<std::int64_t>(file_.size()); }
  arrow::Result<std::int64_t> ReadAt(std::int64_t position, std::int64_t length,
                                     void* out) override {
    const auto bytes = file_.read(static_cast<std::uint64_t>(position), clipped(position, length));
    if (!bytes) {
      error_ = bytes.error();
      return arrow::Status::IOError(error_->message);
    }
    std::copy(bytes->begin(), bytes->end(), static_cast<char*>(out));
    return static_cast<std::int64_t>(bytes->size());
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(std::int64_t position,
                                                       std::int64_t length) override {
    std::string bytes(clipped(position, length), '\0');
    ARROW_RETURN_NOT_OK(ReadAt(position, length, bytes.data()));
    return arrow::Buffer::FromString(std::move(bytes));
  }
  arrow::Result<std::int64_t> Read(std::int64_t length, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const std::int64_t read, ReadAt(position_, length, out));
    position_ += read;
    return read;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t length) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, length));
    position_ += buffer->size();
    return buffer;
  }
  arrow::Status Seek(std::int64_t position) override {
    position_ = position;
    return arrow::Status::OK();
  }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }

 private:
  [[nodiscard]] std::uint64_t clipped(std::int64_t position, std::int64_t length) const {
    const std::uint64_t from = std::min(static_cast<std::uint64_t>(position), file_.size());
    return std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(length, 0)),
                    file_.size() - from);
  }

  StoreFile file_;
  std::optional<Error> error_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

/// The largest offset of a row group; nullopt where its statistics do not say it.
std::optional<Offset> last_offset(const parquet::RowGroupMetaData& group) {
  const auto statistics = group.ColumnChunk(0)->statistics();
  const auto* const offsets = dynamic_cast<const parquet::Int64Statistics*>(statistics.get());
  if (offsets == nullptr || !offsets->HasMinMax()) return std::nullopt;
  return Offset(offsets->max());
}

struct Span {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Where the record columns of a row group stand in a file of `size` bytes; nullopt where that
/// cannot be.
std::optional<Span> span_of(const parquet::RowGroupMetaData& group, std::uint64_t size) {
  Span all{.begin = size, .end = 0};
  for (int i = 0; i < record_columns; ++i) {
    const auto column = group.ColumnChunk(i);
    std::int64_t first = column->data_page_offset();
    if (column->has_dictionary_page() && column->dictionary_page_offset() > 0)
      first = std::min(first, column->dictionary_page_offset());
    const std::int64_t length = column->total_compressed_size();
    const auto begin = static_cast<std::uint64_t>(first);
    if (first < 0 || length < 0 || begin > size ||
        static_cast<std::uint64_t>(length) > size - begin)
      return std::nullopt;
    all.begin = std::min(all.begin, begin);
    all.end = std::max(all.end, begin + static_cast<std::uint64_t>(length));
  }
  return all;
}

bool comes_by_dictionary(const parquet::ColumnChunkMetaData& column) {
  return column.type() == parquet::Type::BYTE_ARRAY && column.has_dictionary_page();
}

}  // namespace

struct LakeReader::Parquet {
  arrow::CappedMemoryPool memory{arrow::system_memory_pool(), most_memory};
  std::shared_ptr<ArrowFile> source;
  std::unique_ptr<parquet::arrow::FileReader> reader;
  std::vector<Offset> last_offsets;  ///< of each row group
  int loaded = -1;
  RowGroup rows;

  Status open(const LakeFile& named);
  [[nodiscard]] Status check_offsets(const LakeFile& named) const;
};

/// The file has the records that its name says, row group after row group.
Status LakeReader::Parquet::check_offsets(const LakeFile& named) const {
  const bool rising = std::is_sorted(last_offsets.begin(), last_offsets.end());
  if (rising && !last_offsets.empty() && last_offsets.back() == named.last) return ok();
  return fail(source->explain("its records do not end with the offset in its name"));
}

Status LakeReader::Parquet::open(const LakeFile& named) {
  StoreFile& file = source->file();
  BB_RETURN_IF_ERROR(file.fetch(file.size() - std::min(file.size(), footer_guess), footer_guess));
  auto parquet = parquet::ParquetFileReader::Open(source, parquet::ReaderProperties(&memory));
  const auto metadata = parquet->metadata();
  if (metadata->num_columns() < record_columns ||
      metadata->schema()->Column(0)->name() != lake_schema()->field(0)->name())
    return fail(source->explain("its columns are not those of the lake"));
  for (int i = 0; i < metadata->num_row_groups(); ++i) {
    const auto last = last_offset(*metadata->RowGroup(i));
    if (!last) return fail(source->explain("it has no statistics of the offsets"));
    last_offsets.push_back(*last);
  }
  BB_RETURN_IF_ERROR(check_offsets(named));
  parquet::ArrowReaderProperties properties;
  properties.set_pre_buffer(false);  // load() fetches a row group at once
  // A text that comes again and again is read once.
  for (int i = 0; i < record_columns && metadata->num_row_groups() > 0; ++i)
    properties.set_read_dictionary(i, comes_by_dictionary(*metadata->RowGroup(0)->ColumnChunk(i)));
  auto made = parquet::arrow::FileReader::Make(&memory, std::move(parquet), properties);
  if (!made.ok()) return fail(source->explain(made.status().ToString()));
  reader = std::move(*made);
  return ok();
}

LakeReader::LakeReader(const LakeFile& file, std::unique_ptr<Parquet> parquet)
    : file_(file), parquet_(std::move(parquet)) {}
LakeReader::~LakeReader() = default;

Result<std::unique_ptr<LakeReader>> LakeReader::open(storage::FileStore& store,
                                                     const LakeFile& file) {
  std::uint64_t size = file.size;
  if (size == 0) {
    BB_ASSIGN_OR_RETURN(size, store.size(file.path()));
  }
  auto parquet = std::make_unique<Parquet>();
  parquet->source = std::make_shared<ArrowFile>(StoreFile(store, file.path(), size));
  try {
    BB_RETURN_IF_ERROR(parquet->open(file));
  } catch (const std::exception& error) {
    return fail(parquet->source->explain(error.what()));
  }
  return std::unique_ptr<LakeReader>(new LakeReader(file, std::move(parquet)));
}

Status LakeReader::load(int row_group) {
  if (parquet_->loaded == row_group) return ok();
  parquet_->loaded = -1;
  try {
    const auto metadata = parquet_->reader->parquet_reader()->metadata()->RowGroup(row_group);
    StoreFile& file = parquet_->source->file();
    const auto span = span_of(*metadata, file.size());
    if (!span) return fail(parquet_->source->explain("a column lies beyond its end"));
    BB_RETURN_IF_ERROR(file.fetch(span->begin, span->end - span->begin));
    std::vector<int> columns(record_columns);
    std::iota(columns.begin(), columns.end(), 0);
    const auto table = parquet_->reader->ReadRowGroup(row_group, columns);
    if (!table.ok()) return fail(parquet_->source->explain(table.status().ToString()));
    const Status taken = parquet_->rows.load(*table);
    if (!taken) return fail(parquet_->source->explain(taken.error().message));
  } catch (const std::exception& error) {
    return fail(parquet_->source->explain(error.what()));
  }
  parquet_->loaded = row_group;
  return ok();
}

Result<streams::RecordBatch> LakeReader::read(Offset from, const streams::ReadLimits& limits) {
  const auto& lasts = parquet_->last_offsets;
  const auto group = std::lower_bound(lasts.begin(), lasts.end(), from);
  if (group == lasts.end()) return streams::RecordBatch();
  BB_RETURN_IF_ERROR(load(static_cast<int>(group - lasts.begin())));
  auto batch = parquet_->rows.read(from, limits);
  if (!batch) return fail(parquet_->source->explain(batch.error().message));
  if (batch->empty()) return fail(parquet_->source->explain("a row group lacks its last record"));
  return batch;
}

}  // namespace bytebasket::lake
